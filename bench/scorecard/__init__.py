"""What published clients make of faults, measured whenever it is asked for."""
