"""Makes, shows and cancels a job of one volume: URL VOLUME. Prints what came of each."""
import sys

from oslo_config import cfg
import oslo_messaging

url, volume = sys.argv[1:]
conf = cfg.CONF
conf([], project='example')
# a thread for metrics, started even without metrics, would hold up our end for ten seconds
conf.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
transport = oslo_messaging.get_rpc_transport(conf, url=url)
context = {'user_id': 'admin', 'project_id': 'admin', 'is_admin': True, 'request_id': 'req-example'}
target = oslo_messaging.Target(exchange='reseat', topic='reseat-api', namespace='reseat', version='1.0')
get_rpc_client = getattr(oslo_messaging, 'get_rpc_client', oslo_messaging.RPCClient)  # before 14.1 it is the class
client = get_rpc_client(transport, target)

job = client.call(context, 'job_create', job={'select': {'ids': [volume]}, 'reset': {'status': 'available'},
                                              'limits': {'per_host': 2}, 'reason': 'ticket 4711'})
print(job['action'], job['selected'], flush=True)
print(client.call(context, 'job_show', job_id=job['id'])['reason'], flush=True)
print(client.call(context, 'job_cancel', job_id=job['id'], reason='no')['state'], flush=True)
try:
    client.call(context, 'job_show', job_id='nobody')
except oslo_messaging.RemoteError as e:
    print(e.exc_type, flush=True)
