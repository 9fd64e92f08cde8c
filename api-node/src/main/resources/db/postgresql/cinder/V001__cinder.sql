-- The tables of Cinder that Reseat works with, column by column as its migrations make them.
-- Left out: foreign keys to tables that are not here (groups, consistencygroups, snapshots, QoS specs).

CREATE TABLE public.services (
    created_at              timestamp,
    updated_at              timestamp,
    deleted_at              timestamp,
    deleted                 boolean,
    id                      serial PRIMARY KEY,
    host                    varchar(255),
    "binary"                varchar(255),
    topic                   varchar(255),
    report_count            integer NOT NULL,
    disabled                boolean,
    availability_zone       varchar(255),
    disabled_reason         varchar(255),
    modified_at             timestamp,
    rpc_current_version     varchar(36),
    object_current_version  varchar(36),
    replication_status      varchar(36),
    frozen                  boolean,
    active_backend_id       varchar(255),
    cluster_name            varchar(255),
    uuid                    varchar(36)
);
CREATE UNIQUE INDEX services_uuid_idx ON public.services (uuid);

CREATE TABLE public.volume_types (
    created_at    timestamp,
    updated_at    timestamp,
    deleted_at    timestamp,
    deleted       boolean,
    id            varchar(36) PRIMARY KEY,
    name          varchar(255),
    qos_specs_id  varchar(36),
    is_public     boolean,
    description   varchar(255)
);
CREATE INDEX ix_volume_types_qos_specs_id ON public.volume_types (qos_specs_id);

CREATE TABLE public.volumes (
    created_at                   timestamp,
    updated_at                   timestamp,
    deleted_at                   timestamp,
    deleted                      boolean,
    id                           varchar(36) PRIMARY KEY,
    ec2_id                       varchar(255),
    user_id                      varchar(255),
    project_id                   varchar(255),
    host                         varchar(255),
    size                         integer,
    availability_zone            varchar(255),
    status                       varchar(255),
    attach_status                varchar(255),
    scheduled_at                 timestamp,
    launched_at                  timestamp,
    terminated_at                timestamp,
    display_name                 varchar(255),
    display_description          varchar(255),
    provider_location            varchar(256),
    provider_auth                varchar(256),
    snapshot_id                  varchar(36),
    volume_type_id               varchar(36) NOT NULL,
    source_volid                 varchar(36),
    bootable                     boolean,
    provider_geometry            varchar(255),
    _name_id                     varchar(36),
    encryption_key_id            varchar(36),
    migration_status             varchar(255),
    replication_status           varchar(255),
    replication_extended_status  varchar(255),
    replication_driver_data      varchar(255),
    consistencygroup_id          varchar(36),
    provider_id                  varchar(255),
    multiattach                  boolean,
    previous_status              varchar(255),
    cluster_name                 varchar(255),
    group_id                     varchar(36),
    service_uuid                 varchar(36) REFERENCES public.services (uuid),
    shared_targets               boolean,
    use_quota                    boolean NOT NULL DEFAULT true
);
CREATE INDEX ix_volumes_consistencygroup_id ON public.volumes (consistencygroup_id);
CREATE INDEX ix_volumes_group_id ON public.volumes (group_id);
CREATE INDEX volumes_service_uuid_idx ON public.volumes (service_uuid, deleted);
CREATE INDEX volumes_deleted_project_id_idx ON public.volumes (deleted, project_id);
CREATE INDEX volumes_deleted_host_idx ON public.volumes (deleted, host);

CREATE TABLE public.volume_attachment (
    created_at       timestamp,
    updated_at       timestamp,
    deleted_at       timestamp,
    deleted          boolean,
    id               varchar(36) PRIMARY KEY,
    volume_id        varchar(36) NOT NULL REFERENCES public.volumes (id),
    attached_host    varchar(255),
    instance_uuid    varchar(36),
    mountpoint       varchar(255),
    attach_time      timestamp,
    detach_time      timestamp,
    attach_mode      varchar(36),
    attach_status    varchar(255),
    connection_info  text,
    connector        text
);
CREATE INDEX ix_volume_attachment_volume_id ON public.volume_attachment (volume_id);

CREATE TABLE public.attachment_specs (
    created_at     timestamp,
    updated_at     timestamp,
    deleted_at     timestamp,
    deleted        boolean,
    id             serial PRIMARY KEY,
    attachment_id  varchar(36) NOT NULL REFERENCES public.volume_attachment (id),
    key            varchar(255),
    value          varchar(255)
);
CREATE INDEX ix_attachment_specs_attachment_id ON public.attachment_specs (attachment_id);

CREATE TABLE public.volume_metadata (
    created_at  timestamp,
    updated_at  timestamp,
    deleted_at  timestamp,
    deleted     boolean,
    id          serial PRIMARY KEY,
    volume_id   varchar(36) NOT NULL REFERENCES public.volumes (id),
    key         varchar(255),
    value       varchar(255)
);
CREATE INDEX ix_volume_metadata_volume_id ON public.volume_metadata (volume_id);

CREATE TABLE public.volume_admin_metadata (
    created_at  timestamp,
    updated_at  timestamp,
    deleted_at  timestamp,
    deleted     boolean,
    id          serial PRIMARY KEY,
    volume_id   varchar(36) NOT NULL REFERENCES public.volumes (id),
    key         varchar(255),
    value       varchar(255)
);
CREATE INDEX ix_volume_admin_metadata_volume_id ON public.volume_admin_metadata (volume_id);

CREATE TABLE public.volume_glance_metadata (
    created_at   timestamp,
    updated_at   timestamp,
    deleted_at   timestamp,
    deleted      boolean,
    id           serial PRIMARY KEY,
    volume_id    varchar(36) REFERENCES public.volumes (id),
    snapshot_id  varchar(36),
    key          varchar(255),
    value        text
);
CREATE INDEX ix_volume_glance_metadata_volume_id ON public.volume_glance_metadata (volume_id);
CREATE INDEX ix_volume_glance_metadata_snapshot_id ON public.volume_glance_metadata (snapshot_id);

CREATE TABLE public.workers (
    created_at      timestamp,
    updated_at      timestamp,
    deleted_at      timestamp,
    deleted         boolean,
    id              serial PRIMARY KEY,
    resource_type   varchar(40) NOT NULL,
    resource_id     varchar(36) NOT NULL,
    status          varchar(255) NOT NULL,
    service_id      integer REFERENCES public.services (id),
    race_preventer  integer NOT NULL DEFAULT 0,
    UNIQUE (resource_type, resource_id)
);
CREATE INDEX ix_workers_service_id ON public.workers (service_id);

-- Cinder's own mark of how exact its clock is; it looks for this row
INSERT INTO public.workers (created_at, deleted, resource_type, resource_id, status)
VALUES (timezone('UTC', now()), false, 'SENTINEL', 'SUB-SECOND', 'OK');
