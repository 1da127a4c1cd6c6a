"""What an audit finds in published clients, measured whenever it is asked for."""
