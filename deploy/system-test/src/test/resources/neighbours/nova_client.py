"""Nova's own objects and RPC clients: reads one JSON request a line, answers one JSON line each.

nova_client.py NOVA_CONF [CELL]
"""
import json
import sys

from nova import config
from nova import context
from nova import baserpc
from nova import objects
from nova import rpc
from nova.conductor import rpcapi as conductor_rpcapi
from nova.network import model
from nova.objects import service
from oslo_utils import uuidutils
from oslo_versionedobjects import base as versioned


class Client:
    def __init__(self, cell):
        self.admin = context.get_admin_context()
        self.cell = [c for c in objects.CellMappingList.get_all(self.admin) if c.name == cell][0]

    def _flavor(self):
        flavors = objects.FlavorList.get_all(self.admin)
        if flavors:
            return flavors[0]
        flavor = objects.Flavor(
            self.admin, name='tiny', memory_mb=512, vcpus=1, root_gb=1, ephemeral_gb=0, flavorid='1', swap=0,
            rxtx_factor=1.0, is_public=True, disabled=False, extra_specs={})
        flavor.create()
        return flavor

    def instance(self, name, host, user, project, vm_state):
        uuid = uuidutils.generate_uuid()
        objects.InstanceMapping(
            self.admin, instance_uuid=uuid, cell_mapping=self.cell, project_id=project, user_id=user,
            queued_for_delete=False).create()
        with context.target_cell(self.admin, self.cell) as cell:
            instance = objects.Instance(
                cell, uuid=uuid, user_id=user, project_id=project, host=host, node=host, hostname=name,
                display_name=name, vm_state=vm_state, power_state=4 if vm_state == 'stopped' else 1, memory_mb=512,
                vcpus=1, root_gb=1, ephemeral_gb=0, availability_zone='nova', root_device_name='/dev/vda',
                image_ref='', locked=False, launched_on=host, vm_mode='hvm', os_type='linux', architecture='x86_64')
            instance.flavor = self._flavor()
            instance.old_flavor = None
            instance.new_flavor = None
            instance.info_cache = objects.InstanceInfoCache(
                cell, instance_uuid=uuid, network_info=model.NetworkInfo())
            instance.create()
        return uuid

    def mapping(self, instance, volume, attachment, device, connection_info):
        with context.target_cell(self.admin, self.cell) as cell:
            mapping = objects.BlockDeviceMapping(
                cell, instance_uuid=instance, volume_id=volume, attachment_id=attachment, device_name=device,
                source_type='volume', destination_type='volume', device_type='disk', disk_bus='virtio',
                volume_size=1, delete_on_termination=False, no_device=False,
                connection_info=json.dumps(connection_info))
            mapping.create()
            return mapping.uuid

    def compute_rpc_by_service_version(self):
        return [line['compute_rpc'] for line in service.SERVICE_VERSION_HISTORY]

    def ask_conductor(self, times):
        """How many of so many requests the conductor of the cell has answered, each a ping and a real question."""
        with context.target_cell(self.admin, self.cell) as cell:
            api = baserpc.BaseAPI('conductor')
            conductor = conductor_rpcapi.ConductorAPI()
            versions = versioned.obj_tree_get_versions('Service')
            answered = 0
            for i in range(times):
                pong = api.ping(cell, 'ping %d' % i, timeout=20)
                least = conductor.object_class_action_versions(
                    cell, 'Service', 'get_minimum_version', versions, ('nova-compute',), {})
                if pong == {'service': 'conductor', 'arg': 'ping %d' % i} and least > 0:
                    answered += 1
            return answered


def main():
    config.parse_args(['nova_client', '--config-file', sys.argv[1]])
    rpc.init(config.CONF)
    objects.register_all()
    client = Client(sys.argv[2] if len(sys.argv) > 2 else 'cell1')
    for line in sys.stdin:
        request = json.loads(line)
        answer = getattr(client, request.pop('do'))(**request)
        print('answer ' + json.dumps(answer), flush=True)


if __name__ == '__main__':
    main()
