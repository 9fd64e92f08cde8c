"""placement on a port of the loopback: placement_api.py PORT"""
import sys

from placement.wsgi import init_application

from wsgi_port import serve

if __name__ == '__main__':
    port = int(sys.argv.pop())  # oslo.config would read it
    serve(port, init_application())
