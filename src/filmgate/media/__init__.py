"""What becomes of files: videos are proven, fitted and previewed, images are proven and turned upright, all are stored.

Everything but the file store is plain blocking code: callers run it in a thread or a process.
"""
