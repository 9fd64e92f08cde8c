"""keystone on a port of the loopback: keystone_api.py PORT SETTINGS"""
import os
import sys

from wsgi_port import serve

if __name__ == '__main__':
    os.environ['OS_KEYSTONE_CONFIG_FILES'] = sys.argv.pop()
    port = int(sys.argv.pop())  # oslo.config would read it
    from keystone.server.wsgi import initialize_public_application  # reads where its settings are

    serve(port, initialize_public_application())
