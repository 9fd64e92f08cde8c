"""A network service without networks, for instances without ports: neutron_api.py PORT"""
import json
import sys

from wsgi_port import serve


def application(environ, start_response):
    what = environ['PATH_INFO'].rstrip('/').rsplit('/', 1)[-1].removesuffix('.json')
    start_response('200 OK', [('Content-Type', 'application/json')])
    return [json.dumps({what: []}).encode()]


if __name__ == '__main__':
    serve(int(sys.argv[1]), application)
