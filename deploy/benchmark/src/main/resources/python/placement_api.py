"""placement on a port of the loopback: placement_api.py PORT"""
import socketserver
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from placement.wsgi import init_application


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


port = int(sys.argv.pop())  # oslo.config would read it
make_server('127.0.0.1', port, init_application(), server_class=Threaded, handler_class=Quiet).serve_forever()
