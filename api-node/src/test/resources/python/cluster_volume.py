"""The two listeners of a cinder-volume for one name, a cluster's or a host's: URL NAME@BACKEND. Prints each request.

Ends with its input.
"""
import sys

from oslo_config import cfg
import oslo_messaging

url, name = sys.argv[1:]
conf = cfg.ConfigOpts()
conf([], project='cinder')
transport = oslo_messaging.get_rpc_transport(conf, url=url)


class VolumeManager(object):
    target = oslo_messaging.Target(version='3.18')

    def attachment_update(self, ctxt, vref, connector, attachment_id):
        print('attachment_update', attachment_id, connector['host'], flush=True)
        return {'driver_volume_type': 'rbd', 'name': 'volumes/volume-1'}

    def terminate_connection(self, ctxt, volume_id, connector, force=False):
        print('terminate_connection', volume_id, connector['host'], flush=True)


targets = [oslo_messaging.Target(topic='cinder-volume', server=name),
           oslo_messaging.Target(topic='cinder-volume.' + name, server=name.split('@')[0])]
servers = [oslo_messaging.get_rpc_server(transport, target, [VolumeManager()], executor='threading')
           for target in targets]
for server in servers:
    server.start()
print('serving', flush=True)
sys.stdin.read()
for server in servers:
    server.stop()
    server.wait()
