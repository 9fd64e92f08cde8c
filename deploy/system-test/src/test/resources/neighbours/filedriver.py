"""A backend of Cinder's own manager whose volumes are files, and which writes down what it is told.

[backend] files_dir is where the volumes are; NAME.calls beside a volume lists the driver calls about it, one a line.
A file NAME.fail names a call that is to fail.
"""
import os

from oslo_config import cfg

from cinder import exception
from cinder.volume import driver

OPTIONS = [cfg.StrOpt('files_dir', help='Where the volumes are.')]


class FileDriver(driver.VolumeDriver):
    VERSION = '1.0'

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.configuration.append_config_values(OPTIONS)

    def _path(self, volume):
        return os.path.join(self.configuration.files_dir, volume.name)

    def _called(self, call, volume):
        with open(self._path(volume) + '.calls', 'a') as calls:
            calls.write(call + '\n')
        failing = self._path(volume) + '.fail'
        if os.path.exists(failing):
            with open(failing) as names:
                if call in names.read().split():
                    raise exception.VolumeBackendAPIException(data=call + ' fails as it was told to')

    def check_for_setup_error(self):
        pass

    def _update_volume_stats(self):
        self._stats = {
            'volume_backend_name': self.configuration.safe_get('volume_backend_name'),
            'vendor_name': 'file', 'driver_version': self.VERSION, 'storage_protocol': 'file',
            'pools': [{'pool_name': 'file', 'total_capacity_gb': 1000, 'free_capacity_gb': 1000,
                       'reserved_percentage': 0, 'multiattach': True}],
        }

    def create_volume(self, volume):
        with open(self._path(volume), 'w') as file:
            file.truncate(volume.size << 30)

    def delete_volume(self, volume):
        os.remove(self._path(volume))

    def ensure_export(self, context, volume):
        pass

    def create_export(self, context, volume, connector):
        self._called('create_export', volume)

    def remove_export(self, context, volume):
        self._called('remove_export', volume)

    def initialize_connection(self, volume, connector, **kwargs):
        self._called('initialize_connection', volume)
        return {'driver_volume_type': 'local',
                'data': {'device_path': self._path(volume), 'volume_id': volume.id}}

    def terminate_connection(self, volume, connector, **kwargs):
        self._called('terminate_connection', volume)
