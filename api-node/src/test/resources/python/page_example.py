"""Runs the Python of a page of the manual as it stands there: URL VOLUME PAGE. Prints the id of the job that it makes."""
import re
import sys

from oslo_config import cfg
import oslo_messaging

url, volume, page = sys.argv[1:]
conf = cfg.CONF
conf([], project='example')
# a thread for metrics, started even without metrics, would hold up our end for ten seconds
conf.set_override('metrics_thread_stop_timeout', 0, 'oslo_messaging_metrics')
transport = oslo_messaging.get_rpc_transport(conf, url=url)
context = {'user_id': 'admin', 'project_id': 'admin', 'is_admin': True, 'request_id': 'req-example'}
if not hasattr(oslo_messaging, 'get_rpc_client'):  # the page says it
    oslo_messaging.get_rpc_client = oslo_messaging.RPCClient

with open(page, encoding='utf-8') as text:
    [example] = re.findall(r'^```python\n(.*?)^```$', text.read(), re.MULTILINE | re.DOTALL)
exec(compile(example, page, 'exec'))
print(job['id'], flush=True)
