"""What interpreters load in front of a program; this folder is on its PYTHONPATH."""
