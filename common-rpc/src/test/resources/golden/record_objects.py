"""Records a cast with versioned objects of the real Nova or Cinder: record_objects.py URL FOLDER nova|cinder

Needs python3-nova and python3-cinder beside oslo.messaging; URL is a transport_url of a broker that nobody else uses.
"""
import datetime
import pathlib
import sys

import kombu
from oslo_config import cfg
import oslo_messaging
from oslo_messaging import conffixture

UUID = '5dd4c430-0000-4000-8000-00000000%04x'
TIME = datetime.datetime(2026, 11, 22, 6, 25, 26, tzinfo=datetime.timezone.utc)
CONNECTOR = {'host': 'host-a', 'multipath': False, 'initiator': 'iqn.1994-05.com.redhat:a', 'nvme_hostid': None,
             'ip': '192.0.2.7', 'platform': 'x86_64'}


def nova():
    from nova import objects
    from nova.objects import base
    objects.register_all()

    def mapping(number):
        return objects.BlockDeviceMapping(
            id=number, uuid=UUID % number, instance_uuid=UUID % 0xa001, source_type='volume',
            destination_type='volume', boot_index=None, device_name='/dev/vd\u0101', volume_id=UUID % 0xc001,
            volume_size=1, connection_info='{"data": {"x": "\\u00e9"}}', attachment_id=UUID % 0xd001,
            delete_on_termination=False, no_device=False, guest_format=None, created_at=TIME, updated_at=None,
            deleted_at=None, deleted=False)

    instance = objects.Instance(
        id=1, uuid=UUID % 0xa001, user_id='u1', project_id='p1', host='host-a', node='host-a.example.org',
        hostname='vm1', display_name='vm \u97f3', vm_state='stopped', task_state=None, power_state=4, locked=True,
        memory_mb=512, vcpus=1, root_gb=1, ephemeral_gb=0, created_at=TIME, updated_at=TIME, deleted_at=None,
        deleted=False, cleaned=False, metadata={'k': 'v'}, system_metadata={'image_min_disk': '1'},
        root_device_name='/dev/vda')
    mappings = objects.BlockDeviceMappingList(objects=[mapping(1), mapping(2)])
    return base.NovaObjectSerializer(), {'instance': instance, 'bdms': mappings, 'delete_attachment': True}


def cinder():
    from cinder import objects
    from cinder.objects import base
    objects.register_all()

    def attachment(number):
        return objects.VolumeAttachment(
            id=UUID % number, volume_id=UUID % 0xc001, instance_uuid=UUID % 0xa001, attached_host=None,
            mountpoint='/dev/vdb', attach_time=TIME, detach_time=None, attach_status='attached', attach_mode='rw',
            connection_info={'driver_volume_type': 'iscsi', 'target_lun': 1}, connector=CONNECTOR, created_at=TIME,
            updated_at=None, deleted_at=None, deleted=False)

    volume = objects.Volume(
        id=UUID % 0xc001, _name_id=None, user_id='u1', project_id='p1', host='host-1@lvm1#lvm1', size=1,
        availability_zone='nova', status='in-use', attach_status='attached', display_name='vol \u97f3',
        bootable=False, multiattach=True, created_at=TIME, updated_at=None, launched_at=TIME, deleted=False,
        use_quota=True, metadata={'k': 'v'}, admin_metadata={'readonly': 'False'}, provider_auth='CHAP u p',
        volume_attachment=objects.VolumeAttachmentList(objects=[attachment(1), attachment(2)]))
    return base.CinderObjectSerializer(), {'volume': volume, 'attachment_id': UUID % 1}


def main(url, folder, project):
    serializer, arguments = {'nova': nova, 'cinder': cinder}[project]()
    conf = cfg.ConfigOpts()
    fixture = conffixture.ConfFixture(conf, url)
    fixture.setUp()
    channel = kombu.Connection(url.replace('rabbit://', 'amqp://')).channel()
    channel.exchange_declare('golden-objects', 'topic', durable=False, auto_delete=False)
    channel.queue_declare('golden-objects', auto_delete=False)
    channel.queue_bind('golden-objects', 'golden-objects', '#')
    transport = oslo_messaging.get_rpc_transport(conf)
    target = oslo_messaging.Target(exchange='golden-objects', topic=project, version='3.0')
    oslo_messaging.get_rpc_client(transport, target, serializer=serializer).cast({}, 'detach', **arguments)
    message = channel.basic_get('golden-objects', no_ack=True)
    body = message.body if isinstance(message.body, bytes) else message.body.encode()
    (pathlib.Path(folder) / ('objects-%s.json' % project)).write_bytes(body)


if __name__ == '__main__':
    main(*sys.argv[1:])
