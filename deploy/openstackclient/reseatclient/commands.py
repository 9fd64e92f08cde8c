"""openstack volume repair reset | refresh | diagnose"""
from urllib import parse

from osc_lib import exceptions
from osc_lib.command import command


def _ask(client, method, path, body=None):
    answer = client.request('/reseat/v1' + path, method, json=body, raise_exc=False)
    try:
        said = answer.json()
    except ValueError:
        said = {}
    if answer.status_code // 100 == 2:
        return said
    error = next((value for value in said.values() if isinstance(value, dict)), {})
    message = error.get('message') or 'HTTP %d: %s' % (answer.status_code, answer.text[:300])
    if error.get('next'):
        message += ' Next: ' + error['next']
    raise exceptions.CommandError(message)


def _volume(client, wanted):
    """The id of a volume that is given by id or name."""
    found = client.request('/v3/volumes/' + parse.quote(wanted, safe=''), 'GET', raise_exc=False)
    if found.status_code == 200:
        return wanted
    query = parse.urlencode({'name': wanted, 'all_tenants': '1'})
    named = client.get('/v3/volumes?' + query).json()['volumes']
    if len(named) != 1:
        raise exceptions.CommandError('%s volumes have the name or id %s' % (len(named) or 'No', wanted))
    return named[0]['id']


def _changing(parser, grades):
    parser.add_argument('--force', action='append', default=[], choices=grades, metavar='GRADE',
                        help='go on although ' + ', '.join(grades) + ' says no (repeat for several)')
    parser.add_argument('--reason', help='recorded; needed with --force')
    parser.add_argument('--dry-run', action='store_true', help='only look and say what would be done')


class Reset(command.ShowOne):
    """Reset a volume's state with its driver involved"""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('volume', help='volume (name or ID)')
        parser.add_argument('--state', default='available', help='new state (default: available)')
        _changing(parser, ['ignore-driver-error', 'skip-driver', 'accept-unknown'])
        return parser

    def take_action(self, args):
        client = self.app.client_manager.volume_repair
        body = {'status': args.state, 'force': args.force, 'dry_run': args.dry_run}
        if args.reason:
            body['reason'] = args.reason
        done = _ask(client, 'POST', '/volumes/%s/reset' % _volume(client, args.volume), body)['reset']
        after = done.get('after') or {}
        return (('volume', 'before', 'after', 'driver', 'detail', 'journal'),
                (done['volume_id'], done['before']['status'], after.get('status'), done['driver'], done['detail'],
                 done.get('journal')))


class Refresh(command.ShowOne):
    """Give a server's block device mapping fresh connection information"""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('server', help='server (ID); it has to be stopped')
        parser.add_argument('volume', help='volume (name or ID)')
        _changing(parser, ['accept-unknown'])
        return parser

    def take_action(self, args):
        client = self.app.client_manager.volume_repair
        query = parse.urlencode({'instance': args.server, 'volume': _volume(client, args.volume)})
        mapping = _ask(client, 'GET', '/block-device-mappings?' + query)['block_device_mappings'][0]
        body = {'accept_unknown': bool(args.force), 'dry_run': args.dry_run}
        if args.reason:
            body['reason'] = args.reason
        done = _ask(client, 'POST', '/block-device-mappings/%s/refresh' % mapping['uuid'], body)['refresh']
        return (('mapping', 'volume', 'changed', 'attachment', 'steps', 'journal'),
                (done['bdm_uuid'], done['volume_id'], done['changed'], done.get('new_attachment_id'),
                 ', '.join(step['name'] for step in done['steps']) or done.get('unneeded'), done.get('journal')))


class Diagnose(command.Lister):
    """Say what volumes show, what is safe, and what comes next; changes nothing"""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('volume', nargs='*', help='volumes (name or ID)')
        parser.add_argument('--all', action='store_true', help='every volume')
        parser.add_argument('--state', help='volumes in that state')
        return parser

    def take_action(self, args):
        client = self.app.client_manager.volume_repair
        if not (args.volume or args.all or args.state):
            raise exceptions.CommandError('Say which volumes: VOLUME..., --all or --state')
        body = {'volumes': [_volume(client, one) for one in args.volume], 'all': args.all}
        if args.state:
            body['state'] = args.state
        rows = []
        while True:
            page = _ask(client, 'POST', '/diagnoses', body)
            rows += [(one['volume_id'], one['status'], one['verdict'], one['pattern'], one['pattern_name'],
                      one.get('command')) for one in page['diagnoses']]
            if not page.get('next'):
                return ('Volume', 'Status', 'Verdict', 'Pattern', 'Name', 'Command'), rows
            body['after'] = page['next']
