"""The other side of the gateway's sockets: processes, runtimes and clients that share no code with it."""
