"""Cinder's own target helper for tgtd.

cinder_tgt.py DIRECTORY PORT     of a tgtd with its socket, volumes and programs in DIRECTORY; for each line of its input, a JSON
                                 list, one line: ["create", NAME, DEVICE] -> {"location", "auth"}, ["remove", NAME, LOCATION] -> {}
"""
import json
import os
import sys

import cinder.privsep
from cinder import context
from cinder.volume import configuration  # registers options
from cinder.volume.targets import tgt

assert configuration


class Settings(dict):
    def safe_get(self, name):
        return self.get(name)

    def __getattr__(self, name):
        return self[name]


class Rows:
    """No volume has had anything stored."""

    def volume_get(self, _context, _volume_id):
        return {'provider_auth': None}


def main(directory, port):
    os.environ['TGT_IPC_SOCKET'] = directory + '/tgtd.sock'
    os.environ['PATH'] = directory + '/bin:' + os.environ['PATH']
    cinder.privsep.sys_admin_pctxt.set_client_mode(False)
    settings = Settings(
        target_prefix='iqn.2010-10.org.openstack:', target_protocol='iscsi', volumes_dir=directory + '/volumes',
        target_ip_address='127.0.0.1', target_port=int(port), iscsi_secondary_ip_addresses=[], iscsi_write_cache='on',
        iscsi_target_flags='')
    helper = tgt.TgtAdm(configuration=settings)
    helper.db = Rows()
    for line in sys.stdin:
        what, name, more = json.loads(line)
        volume = {'id': name, 'name': name, 'provider_location': more}
        if what == 'create':
            answer = helper.create_export(context.get_admin_context(), volume, more)
        else:
            helper.remove_export(context.get_admin_context(), volume)
            answer = {}
        print(json.dumps(answer), flush=True)


main(*sys.argv[1:])
