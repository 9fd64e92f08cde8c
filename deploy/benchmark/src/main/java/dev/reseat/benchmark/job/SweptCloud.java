package dev.reseat.benchmark.job;

import java.util.stream.IntStream;

/**
 * Volumes, hosts and backends by arithmetic. Volume N is at backend N mod backends. Seven of ten are attached to
 * running servers, N in instance N on host N mod hosts; every hundredth of the others is let in to a host that has no
 * business there.
 */
record SweptCloud(int volumes, int hosts, int backends) {
    private static final String VOLUMES = """
            INSERT INTO volumes (id, user_id, project_id, host, size, status, attach_status, deleted, bootable,
                multiattach, shared_targets, use_quota, created_at, volume_type_id)
            SELECT '00000000-0000-4000-8000-' || lpad(CAST(n AS text), 12, '0'), 'u', 'p',
                'swept-' || n % {backends} || '@sim#pool', 1, CASE WHEN n % 10 < 7 THEN 'in-use' ELSE 'available' END,
                CASE WHEN n % 10 < 7 THEN 'attached' ELSE 'detached' END, false, false, false, true, true, now(),
                COALESCE((SELECT id FROM volume_types LIMIT 1), 'bench')
            FROM generate_series(0, {volumes} - 1) n""";
    private static final String ATTACHMENTS = """
            INSERT INTO volume_attachment (id, volume_id, instance_uuid, attach_status, attached_host, connector,
                deleted, created_at)
            SELECT '00000000-0000-4000-a000-' || lpad(CAST(n AS text), 12, '0'),
                '00000000-0000-4000-8000-' || lpad(CAST(n AS text), 12, '0'),
                '00000000-0000-4000-9000-' || lpad(CAST(n AS text), 12, '0'), 'attached', 'host-' || n % {hosts},
                '{"host": "host-' || n % {hosts} || '"}', false, now()
            FROM generate_series(0, {volumes} - 1) n WHERE n % 10 < 7""";
    private static final String INSTANCES = """
            INSERT INTO instances (uuid, user_id, project_id, host, node, display_name, vm_state, power_state,
                locked, deleted, created_at)
            SELECT '00000000-0000-4000-9000-' || lpad(CAST(n AS text), 12, '0'), 'u', 'p', 'host-' || n % {hosts}, 'x',
                'vm', 'active', 1, false, 0, now()
            FROM generate_series(0, {volumes} - 1) n WHERE n % 10 < 7""";
    private static final String MAPPINGS = """
            INSERT INTO block_device_mapping (uuid, instance_uuid, volume_id, attachment_id, source_type,
                destination_type, device_name, delete_on_termination, no_device, deleted, created_at)
            SELECT '00000000-0000-4000-b000-' || lpad(CAST(n AS text), 12, '0'),
                '00000000-0000-4000-9000-' || lpad(CAST(n AS text), 12, '0'),
                '00000000-0000-4000-8000-' || lpad(CAST(n AS text), 12, '0'),
                '00000000-0000-4000-a000-' || lpad(CAST(n AS text), 12, '0'), 'volume', 'volume', '/dev/vdb', false,
                false, 0, now()
            FROM generate_series(0, {volumes} - 1) n WHERE n % 10 < 7""";
    /** They have reported of late, and go on doing so. */
    private static final String COMPUTES = """
            INSERT INTO services (host, "binary", topic, report_count, disabled, deleted, version, created_at,
                updated_at)
            SELECT 'host-' || n, 'nova-compute', 'compute', 1, false, 0, 61, now(), now() + INTERVAL '1' DAY
            FROM generate_series(0, {hosts} - 1) n""";

    /** Into databases that have the tables and nothing in them. */
    void fill(BenchDatabase database, String cinder, String nova) {
        database.execute(nova, filled(COMPUTES));
        database.execute(nova, filled(INSTANCES));
        database.execute(nova, filled(MAPPINGS));
        database.execute(cinder, filled(VOLUMES));
        database.execute(cinder, filled(ATTACHMENTS));
    }

    private String filled(String sql) {
        return sql.replace("{volumes}", Integer.toString(volumes))
                .replace("{hosts}", Integer.toString(hosts))
                .replace("{backends}", Integer.toString(backends));
    }

    static boolean isAttached(int n) {
        return n % 10 < 7;
    }

    static boolean isLeaked(int n) {
        return !isAttached(n) && n % 1000 < 10;
    }

    /** How many of them are. */
    int leaked() {
        return (int) IntStream.range(0, volumes).filter(SweptCloud::isLeaked).count();
    }

    IntStream volumesOn(int host) {
        return IntStream.iterate(host, n -> n < volumes, n -> n + hosts).filter(SweptCloud::isAttached);
    }

    IntStream volumesOf(int backend) {
        return IntStream.iterate(backend, n -> n < volumes, n -> n + backends);
    }

    static String host(int n) {
        return "host-" + n;
    }

    static String backend(int n) {
        return "swept-" + n + "@sim";
    }

    static String volume(int n) {
        return id(8, n);
    }

    static String instance(int n) {
        return id(9, n);
    }

    private static String id(int kind, int n) {
        return "00000000-0000-4000-%d000-%012d".formatted(kind, n);
    }
}
