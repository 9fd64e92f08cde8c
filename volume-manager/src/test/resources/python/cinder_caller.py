"""The real oslo.messaging as a caller of a volume-manager, as cinder-api is one.

cinder_caller.py URL EXCHANGE TOPIC SERVER CALLS

CALLS is a JSON list of [namespace or null, version, method, arguments]. Prints one line of JSON for each: its result,
or what the exception was built into again.
"""
import json
import sys
import types

from oslo_config import cfg
import oslo_messaging


class CinderException(Exception):
    """Takes what Cinder's own takes: a text that is kept as it is, or words to format one with."""
    template = 'An unknown exception occurred.'
    code = 500

    def __init__(self, message=None, **kwargs):
        self.kwargs = dict(kwargs)
        self.kwargs.setdefault('code', self.code)
        self.msg = self.template % kwargs if message is None else message
        super().__init__(self.msg)


def install_exceptions():
    """A module cinder.exception, since oslo.messaging builds exceptions of modules it can import only."""
    module = types.ModuleType('cinder.exception')
    codes = {'VolumeNotFound': 404, 'VolumeAttachmentNotFound': 404, 'InvalidVolume': 400, 'InvalidInput': 400,
             'VolumeBackendAPIException': 500, 'DriverNotInitialized': 500, 'RemoveExportException': 500}
    for name, code in codes.items():
        setattr(module, name, type(name, (CinderException,), {'code': code, '__module__': 'cinder.exception'}))
    sys.modules['cinder'] = types.ModuleType('cinder')
    sys.modules['cinder.exception'] = module


def answer(client, namespace, version, method, arguments):
    context = {'user_id': 'u', 'project_id': 'p', 'is_admin': True, 'roles': ['admin'], 'request_id': 'req-peer'}
    try:
        return {'result': client.prepare(namespace=namespace, version=version).call(context, method, **arguments)}
    except oslo_messaging.RemoteError as error:
        return {'remote_error': error.exc_type, 'message': error.value}
    except Exception as error:
        built = type(error)
        return {'exception': built.__bases__[0].__name__ if built.__name__.endswith('_Remote') else built.__name__,
                'code': getattr(error, 'kwargs', {}).get('code'),
                'message': getattr(error, 'msg', str(error))}


def main(url, exchange, topic, server, calls):
    install_exceptions()
    cfg.CONF([])
    # a thread for metrics, started even without metrics, would hold up our end for ten seconds
    cfg.CONF.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
    transport = oslo_messaging.get_rpc_transport(cfg.CONF, url=url, allowed_remote_exmods=['cinder.exception'])
    target = oslo_messaging.Target(exchange=exchange, topic=topic, server=server, version='3.0')
    client = oslo_messaging.RPCClient(transport, target, timeout=30)
    for call in json.loads(calls):
        print(json.dumps(answer(client, *call)), flush=True)
    transport.cleanup()


if __name__ == '__main__':
    main(*sys.argv[1:])
