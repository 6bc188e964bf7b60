class Refused(Exception):
    """Why a file is not received, in a sentence for whoever sent it."""
