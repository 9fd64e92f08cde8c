"""The least a Python service is: oslo.messaging's server and nothing to do. oslo_bare.py URL; ends by SIGTERM."""
import logging
import signal
import sys

from oslo_config import cfg
import oslo_messaging


class Ping:
    """What a real one answers too, if it is told to."""
    target = oslo_messaging.Target(version='1.0')

    def oslo_rpc_server_ping(self, context, **arguments):
        return 'pong'


logging.disable(logging.WARNING)
cfg.CONF([])
# a thread for metrics, started even without metrics, would hold up our end for ten seconds
cfg.CONF.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
transport = oslo_messaging.get_rpc_transport(cfg.CONF, url=sys.argv[1])
target = oslo_messaging.Target(exchange='reseat-bench', topic='bare', server='one')
server = oslo_messaging.get_rpc_server(transport, target, [Ping()], executor='threading')
server.start()
signal.sigwait({signal.SIGTERM})
server.stop()
transport.cleanup()
