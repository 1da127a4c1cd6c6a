"""The command `mockserver`: each module is one of its commands, or what several share."""
