-- Where instances were moved from and to; of Nova's columns those that tell where a volume may still be connected.

CREATE TABLE public.migrations (
    created_at      timestamp,
    updated_at      timestamp,
    deleted_at      timestamp,
    id              serial PRIMARY KEY,
    source_compute  varchar(255),
    dest_compute    varchar(255),
    dest_host       varchar(255),
    status          varchar(255),
    instance_uuid   varchar(36) REFERENCES public.instances (uuid),
    source_node     varchar(255),
    dest_node       varchar(255),
    deleted         integer,
    migration_type  varchar(64),
    hidden          boolean,
    uuid            varchar(36)
);
CREATE INDEX migrations_instance_uuid_and_status_idx ON public.migrations (deleted, instance_uuid, status);
