"""The real oslo.messaging as RPC client and server, driven by lines of JSON: oslo_rpc.py URL

Commands on stdin, {"id": ..., "do": ..., ...}; each runs on its own thread and is answered on stdout with
{"id": ..., "result": ...} or {"id": ..., "error": {...}}. What the server sees comes as {"event": ..., ...}.
"""
import json
import logging
import sys
import tempfile
import threading
import time
import types

from oslo_concurrency import lockutils
from oslo_config import cfg
import oslo_messaging
from oslo_messaging import opts

OUTPUT = threading.Lock()


def say(**words):
    with OUTPUT:
        sys.stdout.write(json.dumps(words) + '\n')
        sys.stdout.flush()


def module(name, **content):
    made = types.ModuleType(name)
    made.__dict__.update(content)
    sys.modules[name] = made
    return made


class VolumeNotFound(Exception):
    """Built as Cinder's exceptions are: from keyword arguments."""
    __module__ = 'cinder.exception'

    def __init__(self, message=None, **kwargs):
        self.kwargs = dict(kwargs, code=404)
        super().__init__(message or 'Volume %(volume_id)s could not be found.' % kwargs)


module('cinder')
module('cinder.exception', VolumeNotFound=VolumeNotFound)


class Endpoint:
    target = oslo_messaging.Target(version='1.5')

    def echo(self, context, value):
        return value

    def size(self, context, value):
        return len(value)

    def whoami(self, context):
        return context

    def keep(self, context, text):
        say(event='kept', text=text)

    def lookup(self, context, volume_id):
        raise VolumeNotFound(volume_id=volume_id)

    @oslo_messaging.expected_exceptions(VolumeNotFound)
    def expected(self, context, volume_id):
        raise VolumeNotFound(volume_id=volume_id)

    def refuse(self, context, text):
        raise ValueError(text)

    def rest(self, context, seconds):
        time.sleep(seconds)
        return 'rested'

    def _private(self, context):
        return 'seen'


class Ours:
    target = oslo_messaging.Target(namespace='reseat', version='1.0')

    def ours(self, context):
        return 'ours'


class Guarded:
    """What of it may be called is for an access policy to say."""
    target = oslo_messaging.Target(version='1.0')

    def public(self, context):
        return 'public'

    def _private(self, context):
        return 'private'

    @oslo_messaging.expose
    def exposed(self, context):
        return 'exposed'

    @oslo_messaging.expose
    def _exposed(self, context):
        return 'private and exposed'


class AlsoGuarded:
    target = oslo_messaging.Target(version='1.0')

    @oslo_messaging.expose
    def public(self, context):
        return 'of the second'


class Peer:
    def __init__(self, url):
        cfg.CONF([])
        for group, options in opts.list_opts():
            cfg.CONF.register_opts(options, group)
        lockutils.set_defaults(tempfile.gettempdir())
        # a thread for metrics, started even without metrics, would hold up our end for ten seconds
        cfg.CONF.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
        self.transport = oslo_messaging.get_rpc_transport(
            cfg.CONF, url=url, allowed_remote_exmods=['cinder.exception'])
        self.servers = []

    def knows(self, option):
        return option in cfg.CONF.oslo_messaging_rabbit

    def serve(self, exchange, topic, server, policy=None, ping=True):
        target = oslo_messaging.Target(exchange=exchange, topic=topic, server=server)
        cfg.CONF.set_override('rpc_ping_enabled', ping)
        running = oslo_messaging.get_rpc_server(
            self.transport, target, [Guarded(), AlsoGuarded()] if policy else [Endpoint(), Ours()],
            executor='threading', access_policy=getattr(oslo_messaging, policy) if policy else None)
        running.start()
        self.servers.append(running)

    def client(self, exchange, topic, server=None, namespace=None, version=None, fanout=None, timeout=None,
               monitor=None):
        target = oslo_messaging.Target(
            exchange=exchange, topic=topic, server=server, namespace=namespace, version=version, fanout=fanout)
        return oslo_messaging.RPCClient(
            self.transport, target, timeout=timeout or 30, call_monitor_timeout=monitor)

    def call(self, target, method, args, context):
        return self.client(**target).call(context, method, **args)

    def cast(self, target, method, args, context):
        return self.client(**target).cast(context, method, **args)

    def run(self, id, do, **words):
        try:
            say(id=id, result=getattr(self, do)(**words))
        except Exception as e:
            say(id=id, error={
                'type': type(e).__name__, 'module': type(e).__module__, 'text': str(e),
                'remote_type': getattr(e, 'exc_type', None), 'value': getattr(e, 'value', None),
                'kwargs': getattr(e, 'kwargs', None)})

    def stop(self):
        for server in self.servers:
            server.stop()
            server.wait()
        self.transport.cleanup()


def main(url):
    logging.disable(logging.CRITICAL)
    peer = Peer(url)
    for line in sys.stdin:
        threading.Thread(target=peer.run, kwargs=json.loads(line), daemon=True).start()
    peer.stop()


if __name__ == '__main__':
    main(*sys.argv[1:])
