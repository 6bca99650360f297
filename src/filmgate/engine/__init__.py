"""The life of a video: accept, route, submit once, watch, deliver, settle."""
