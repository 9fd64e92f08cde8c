"""A network service without networks, for instances without ports, of which all may have any number:
neutron_api.py PORT"""
import json
import sys

from wsgi_port import serve


def application(environ, start_response):
    path = environ['PATH_INFO'].rstrip('/').removesuffix('.json').split('/')
    answer = {'quota': {'port': -1}} if 'quotas' in path else {path[-1]: []}
    start_response('200 OK', [('Content-Type', 'application/json')])
    return [json.dumps(answer).encode()]


if __name__ == '__main__':
    serve(int(sys.argv[1]), application)
