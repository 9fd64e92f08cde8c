"""The real os-brick on this host.

os_brick_host.py properties IP HOST            prints what get_connector_properties gives, as JSON
os_brick_host.py disconnect LOCKS CONNECTION   disconnects an iSCSI volume on a host whose commands wait: prints "begun"
                                               with the first one, goes on with a line of input, then prints "done"
os_brick_host.py attach PROTOCOL SEVERAL CONNECTION           connects a volume, prints what it is then, as JSON
os_brick_host.py detach PROTOCOL SEVERAL CONNECTION DEVICE    disconnects it, DEVICE being what was printed
os_brick_host.py mount BASE OPTIONS CONNECTION                mounts an NFS volume's share below BASE, prints as attach does
"""
import json
import sys

from oslo_config import cfg
from oslo_concurrency import lockutils  # registers its options

import os_brick
from os_brick import privileged
from os_brick.initiator import connector
from os_brick.initiator.connectors import iscsi
from os_brick.initiator.connectors import nvmeof


def properties(ip, host):
    privileged.default.set_client_mode(False)
    print(json.dumps(connector.get_connector_properties('', ip, False, True, host=host)), flush=True)


def disconnect(locks, connection):
    lockutils.set_defaults(locks)
    cfg.CONF([])
    os_brick.setup(cfg.CONF)
    begun = []

    def execute(*command, **kwargs):
        if not begun:
            begun.append(command)
            print('begun', flush=True)
            sys.stdin.readline()
        return '', ''

    iscsi.ISCSIConnector('', execute=execute).disconnect_volume(json.loads(connection), {})
    print('done', flush=True)


def brick(protocol, several):
    privileged.default.set_client_mode(False)
    lockutils.set_defaults('/run/lock')
    cfg.CONF([])
    os_brick.setup(cfg.CONF)
    read = nvmeof.sysfs_property  # as later versions do: kernels from 6.1 on add from where a controller is connected
    nvmeof.sysfs_property = lambda name, path: (
        (read(name, path) or '').split(',src_addr')[0] if name == 'address' else read(name, path))
    return connector.InitiatorConnector.factory(protocol, '', use_multipath=several == 'true',
                                                 do_local_attach=True)


def attach(protocol, several, connection):
    print(json.dumps(brick(protocol, several).connect_volume(json.loads(connection))))


def detach(protocol, several, connection, device):
    brick(protocol, several).disconnect_volume(json.loads(connection), json.loads(device))


def mount(base, options, connection):
    privileged.default.set_client_mode(False)
    nfs = connector.InitiatorConnector.factory('NFS', '', nfs_mount_point_base=base, nfs_mount_options=options)
    print(json.dumps(nfs.connect_volume(json.loads(connection))))


{'properties': properties, 'disconnect': disconnect, 'attach': attach, 'detach': detach, 'mount': mount}[sys.argv[1]](
    *sys.argv[2:])
