"""Makes openstackclient know Reseat's API, which it finds in the catalog under volume-repair."""
from keystoneauth1 import adapter

DEFAULT_API_VERSION = '1'
API_VERSION_OPTION = 'os_volume_repair_api_version'
API_NAME = 'volume_repair'
API_VERSIONS = {'1': 'reseatclient.plugin'}


def make_client(instance):
    return adapter.Adapter(
        session=instance.session, service_type='volume-repair', interface=instance.interface,
        region_name=instance.region_name, connect_retries=0)


def build_option_parser(parser):
    return parser
