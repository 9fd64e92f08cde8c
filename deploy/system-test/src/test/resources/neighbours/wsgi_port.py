"""A WSGI application on a port of the loopback, without a web server in front."""
import socketserver
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def address_string(self):
        return self.client_address[0]  # no name is looked up

    def log_message(self, *args):
        pass


def serve(port, application):
    make_server('127.0.0.1', port, application, server_class=Threaded, handler_class=Quiet).serve_forever()
