"""The command line. It speaks HTTP to a server like any other client, and can start one."""
