-- The tables of Nova's cell database that Reseat works with, column by column as its migrations make them.
-- A row is deleted when "deleted" is not 0; it is then the id of the row.

CREATE TYPE public.instances0locked_by AS ENUM ('owner', 'admin');

CREATE TABLE public.services (
    created_at       timestamp,
    updated_at       timestamp,
    deleted_at       timestamp,
    id               serial PRIMARY KEY,
    host             varchar(255),
    "binary"         varchar(255),
    topic            varchar(255),
    report_count     integer NOT NULL,
    disabled         boolean,
    deleted          integer,
    disabled_reason  varchar(255),
    last_seen_up     timestamp,
    forced_down      boolean,
    version          integer,
    uuid             varchar(36),
    CONSTRAINT uniq_services0host0topic0deleted UNIQUE (host, topic, deleted),
    CONSTRAINT uniq_services0host0binary0deleted UNIQUE (host, "binary", deleted)
);
CREATE UNIQUE INDEX services_uuid_idx ON public.services (uuid);

CREATE TABLE public.instances (
    created_at                timestamp,
    updated_at                timestamp,
    deleted_at                timestamp,
    id                        serial PRIMARY KEY,
    internal_id               integer,
    user_id                   varchar(255),
    project_id                varchar(255),
    image_ref                 varchar(255),
    kernel_id                 varchar(255),
    ramdisk_id                varchar(255),
    launch_index              integer,
    key_name                  varchar(255),
    key_data                  text,
    power_state               integer,
    vm_state                  varchar(255),
    memory_mb                 integer,
    vcpus                     integer,
    hostname                  varchar(255),
    host                      varchar(255),
    user_data                 text,
    reservation_id            varchar(255),
    launched_at               timestamp,
    terminated_at             timestamp,
    display_name              varchar(255),
    display_description       varchar(255),
    availability_zone         varchar(255),
    locked                    boolean,
    os_type                   varchar(255),
    launched_on               text,
    instance_type_id          integer,
    vm_mode                   varchar(255),
    uuid                      varchar(36) NOT NULL,
    architecture              varchar(255),
    root_device_name          varchar(255),
    access_ip_v4              inet,
    access_ip_v6              inet,
    config_drive              varchar(255),
    task_state                varchar(255),
    default_ephemeral_device  varchar(255),
    default_swap_device       varchar(255),
    progress                  integer,
    auto_disk_config          boolean,
    shutdown_terminate        boolean,
    disable_terminate         boolean,
    root_gb                   integer,
    ephemeral_gb              integer,
    cell_name                 varchar(255),
    node                      varchar(255),
    deleted                   integer,
    locked_by                 public.instances0locked_by,
    cleaned                   integer,
    ephemeral_key_uuid        varchar(36),
    hidden                    boolean,
    compute_id                bigint,
    CONSTRAINT uniq_instances0uuid UNIQUE (uuid)
);
CREATE INDEX instances_reservation_id_idx ON public.instances (reservation_id);
CREATE INDEX instances_terminated_at_launched_at_idx ON public.instances (terminated_at, launched_at);
CREATE INDEX instances_task_state_updated_at_idx ON public.instances (task_state, updated_at);
CREATE INDEX instances_uuid_deleted_idx ON public.instances (uuid, deleted);
CREATE INDEX instances_host_node_deleted_idx ON public.instances (host, node, deleted);
CREATE INDEX instances_host_deleted_cleaned_idx ON public.instances (host, deleted, cleaned);
CREATE INDEX instances_project_id_deleted_idx ON public.instances (project_id, deleted);
CREATE INDEX instances_deleted_created_at_idx ON public.instances (deleted, created_at);
CREATE INDEX instances_project_id_idx ON public.instances (project_id);
CREATE INDEX instances_updated_at_project_id_idx ON public.instances (updated_at, project_id);
CREATE INDEX instances_compute_id_deleted_idx ON public.instances (compute_id, deleted);

CREATE TABLE public.instance_metadata (
    created_at     timestamp,
    updated_at     timestamp,
    deleted_at     timestamp,
    id             serial PRIMARY KEY,
    key            varchar(255),
    value          varchar(255),
    instance_uuid  varchar(36) REFERENCES public.instances (uuid),
    deleted        integer
);
CREATE INDEX instance_metadata_instance_uuid_idx ON public.instance_metadata (instance_uuid);

CREATE TABLE public.instance_system_metadata (
    created_at     timestamp,
    updated_at     timestamp,
    deleted_at     timestamp,
    id             serial PRIMARY KEY,
    instance_uuid  varchar(36) NOT NULL REFERENCES public.instances (uuid),
    key            varchar(255) NOT NULL,
    value          varchar(255),
    deleted        integer
);
CREATE INDEX instance_uuid ON public.instance_system_metadata (instance_uuid);

CREATE TABLE public.instance_actions (
    created_at     timestamp,
    updated_at     timestamp,
    deleted_at     timestamp,
    id             serial PRIMARY KEY,
    action         varchar(255),
    instance_uuid  varchar(36) REFERENCES public.instances (uuid),
    request_id     varchar(255),
    user_id        varchar(255),
    project_id     varchar(255),
    start_time     timestamp,
    finish_time    timestamp,
    message        varchar(255),
    deleted        integer
);
CREATE INDEX instance_uuid_idx ON public.instance_actions (instance_uuid);
CREATE INDEX request_id_idx ON public.instance_actions (request_id);
CREATE INDEX instance_actions_instance_uuid_updated_at_idx ON public.instance_actions (instance_uuid, updated_at);

CREATE TABLE public.instance_actions_events (
    created_at   timestamp,
    updated_at   timestamp,
    deleted_at   timestamp,
    id           serial PRIMARY KEY,
    event        varchar(255),
    action_id    integer REFERENCES public.instance_actions (id),
    start_time   timestamp,
    finish_time  timestamp,
    result       varchar(255),
    traceback    text,
    deleted      integer,
    host         varchar(255),
    details      text
);

CREATE TABLE public.block_device_mapping (
    created_at              timestamp,
    updated_at              timestamp,
    deleted_at              timestamp,
    id                      serial PRIMARY KEY,
    device_name             varchar(255),
    delete_on_termination   boolean,
    snapshot_id             varchar(36),
    volume_id               varchar(36),
    volume_size             integer,
    no_device               boolean,
    connection_info         text,
    instance_uuid           varchar(36) REFERENCES public.instances (uuid),
    deleted                 integer,
    source_type             varchar(255),
    destination_type        varchar(255),
    guest_format            varchar(255),
    device_type             varchar(255),
    disk_bus                varchar(255),
    boot_index              integer,
    image_id                varchar(36),
    tag                     varchar(255),
    attachment_id           varchar(36),
    uuid                    varchar(36),
    volume_type             varchar(255),
    encrypted               boolean,
    encryption_secret_uuid  varchar(36),
    encryption_format       varchar(128),
    encryption_options      varchar(4096),
    CONSTRAINT uniq_block_device_mapping0uuid UNIQUE (uuid)
);
CREATE INDEX snapshot_id ON public.block_device_mapping (snapshot_id);
CREATE INDEX volume_id ON public.block_device_mapping (volume_id);
CREATE INDEX block_device_mapping_instance_uuid_idx ON public.block_device_mapping (instance_uuid);
CREATE INDEX block_device_mapping_instance_uuid_device_name_idx ON public.block_device_mapping (instance_uuid, device_name);
CREATE INDEX block_device_mapping_instance_uuid_volume_id_idx ON public.block_device_mapping (instance_uuid, volume_id);
