"""Reads a finding, repairs its volume, takes a reset of another one back: URL VOLUME OTHER. Prints what came of each."""
import sys

from oslo_config import cfg
import oslo_messaging

url, volume, other = sys.argv[1:]
conf = cfg.CONF
conf([], project='example')
# a thread for metrics, started even without metrics, would hold up our end for ten seconds
conf.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
transport = oslo_messaging.get_rpc_transport(conf, url=url)
context = {'user_id': 'admin', 'project_id': 'admin', 'is_admin': True, 'request_id': 'req-example'}
target = oslo_messaging.Target(exchange='reseat', topic='reseat-api', namespace='reseat', version='1.5')
get_rpc_client = getattr(oslo_messaging, 'get_rpc_client', oslo_messaging.RPCClient)  # before 14.1 it is the class
client = get_rpc_client(transport, target)


def failure(method, who=context, **args):
    try:
        client.call(who, method, **args)
    except oslo_messaging.RemoteError as e:
        return e.exc_type


found = client.call(context, 'finding_list', state=['new', 'confirmed'], verdict=['Pattern'], pattern=['12'])
[finding] = found['findings']
print(finding['volume_id'], finding['pattern'], found['sweeps'][-1]['state'], flush=True)
print(len(client.call(context, 'finding_list', verdict=['unknown'])['findings']),
      failure('finding_list', verdict=['wrong']), flush=True)
[seen] = client.call(context, 'diagnose', volumes=[volume])['diagnoses']
print(seen['pattern'], failure('diagnose'), failure('job_show', job_id='nobody'), flush=True)
print(client.call(context, 'finding_ignore', finding_id=finding['id'], reason='ticket 4711')['state'], flush=True)
print(client.call(context, 'finding_unignore', finding_id=finding['id'])['state'], flush=True)
print(client.call(context, 'finding_show', finding_id=finding['id'])['name'], flush=True)

plan = client.call(context, 'repair', volume_id=volume, pattern='12', dry_run=True)
print(plan['before']['repair'], plan['journal'], flush=True)
done = client.call(context, 'repair', volume_id=volume, reason='ticket 4711')
print(done['after']['pattern'], done['undo'].split(':')[0], flush=True)
print(failure('undo', journal_id=done['journal']), flush=True)

reset = client.call(context, 'reset_status', volume_id=other, status='error', reason='ticket 4711')
back = client.call(context, 'undo', journal_id=reset['journal'], dry_run=True)
print(reset['undo'], '/', back['steps'][0].split(' (')[0], flush=True)
client.call(context, 'undo', journal_id=reset['journal'])
print(failure('refresh_connection_info', mapping_id='nobody'), failure('finding_show', finding_id='nobody'),
      failure('finding_list', state=[]), failure('repair', {'is_admin': False}, volume_id=volume), flush=True)

client.call(context, 'reset_status', volume_id=other, migration_status='Success')
print(failure('reset_status', volume_id=other, migration_status='lost'), flush=True)
client.cast(context, 'reset_status', volume_id=other, status='error')
print('cast', flush=True)
