"""Listens where a service manager would, at the path given, and prints what it is told; ends with its input."""
import socket
import sys
import threading

listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listening.bind(sys.argv[1])
print("listening", flush=True)


def tell():
    while True:
        said = listening.recv(4096).decode()
        if not said.startswith("BARRIER"):
            print(said.strip(), flush=True)


threading.Thread(target=tell, daemon=True).start()
sys.stdin.read()
