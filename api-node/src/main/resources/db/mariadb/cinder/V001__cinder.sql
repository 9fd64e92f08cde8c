-- The tables of Cinder that Reseat works with, column by column as its migrations make them on MariaDB: whole seconds, and texts that
-- compare without case. Left out: foreign keys to tables that are not here.

CREATE TABLE `${openstack}`.services (
    created_at datetime,
    updated_at datetime,
    deleted_at datetime,
    deleted tinyint(1),
    id int NOT NULL AUTO_INCREMENT,
    host varchar(255),
    `binary` varchar(255),
    topic varchar(255),
    report_count int NOT NULL,
    disabled tinyint(1),
    availability_zone varchar(255),
    disabled_reason varchar(255),
    modified_at datetime,
    rpc_current_version varchar(36),
    object_current_version varchar(36),
    replication_status varchar(36),
    frozen tinyint(1),
    active_backend_id varchar(255),
    cluster_name varchar(255),
    uuid varchar(36),
    PRIMARY KEY (id),
    UNIQUE KEY services_uuid_idx (uuid)
) ENGINE = InnoDB CHARACTER SET utf8mb3;

CREATE TABLE `${openstack}`.volume_types (
    created_at datetime,
    updated_at datetime,
    deleted_at datetime,
    deleted tinyint(1),
    id varchar(36) NOT NULL,
    name varchar(255),
    qos_specs_id varchar(36),
    is_public tinyint(1),
    description varchar(255),
    PRIMARY KEY (id),
    KEY ix_volume_types_qos_specs_id (qos_specs_id)
) ENGINE = InnoDB CHARACTER SET utf8mb3;

CREATE TABLE `${openstack}`.volumes (
    created_at datetime,
    updated_at datetime,
    deleted_at datetime,
    deleted tinyint(1),
    id varchar(36) NOT NULL,
    ec2_id varchar(255),
    user_id varchar(255),
    project_id varchar(255),
    host varchar(255),
    size int,
    availability_zone varchar(255),
    status varchar(255),
    attach_status varchar(255),
    scheduled_at datetime,
    launched_at datetime,
    terminated_at datetime,
    display_name varchar(255),
    display_description varchar(255),
    provider_location varchar(256),
    provider_auth varchar(256),
    snapshot_id varchar(36),
    volume_type_id varchar(36) NOT NULL,
    source_volid varchar(36),
    bootable tinyint(1),
    provider_geometry varchar(255),
    _name_id varchar(36),
    encryption_key_id varchar(36),
    migration_status varchar(255),
    replication_status varchar(255),
    replication_extended_status varchar(255),
    replication_driver_data varchar(255),
    consistencygroup_id varchar(36),
    provider_id varchar(255),
    multiattach tinyint(1),
    previous_status varchar(255),
    cluster_name varchar(255),
    group_id varchar(36),
    service_uuid varchar(36),
    shared_targets tinyint(1),
    use_quota tinyint(1),
    PRIMARY KEY (id),
    KEY ix_volumes_group_id (group_id),
    KEY volumes_service_uuid_idx (service_uuid,deleted),
    KEY ix_volumes_consistencygroup_id (consistencygroup_id),
    FOREIGN KEY (service_uuid) REFERENCES `${openstack}`.services (uuid)
) ENGINE = InnoDB CHARACTER SET utf8mb3;

CREATE TABLE `${openstack}`.volume_attachment (
    created_at datetime,
    updated_at datetime,
    deleted_at datetime,
    deleted tinyint(1),
    id varchar(36) NOT NULL,
    volume_id varchar(36) NOT NULL,
    attached_host varchar(255),
    instance_uuid varchar(36),
    mountpoint varchar(255),
    attach_time datetime,
    detach_time datetime,
    attach_mode varchar(36),
    attach_status varchar(255),
    connection_info text,
    connector text,
    PRIMARY KEY (id),
    KEY ix_volume_attachment_volume_id (volume_id),
    FOREIGN KEY (volume_id) REFERENCES `${openstack}`.volumes (id)
) ENGINE = InnoDB CHARACTER SET utf8mb3;

CREATE TABLE `${openstack}`.attachment_specs (
    created_at datetime,
    updated_at datetime,
    deleted_at datetime,
    deleted tinyint(1),
    id int NOT NULL AUTO_INCREMENT,
    attachment_id varchar(36) NOT NULL,
    `key` varchar(255),
    value varchar(255),
    PRIMARY KEY (id),
    KEY ix_attachment_specs_attachment_id (attachment_id),
    FOREIGN KEY (attachment_id) REFERENCES `${openstack}`.volume_attachment (id)
) ENGINE = InnoDB CHARACTER SET utf8mb3;

CREATE TABLE `${openstack}`.volume_metadata (
    created_at datetime,
    updated_at datetime,
    deleted_at datetime,
    deleted tinyint(1),
    id int NOT NULL AUTO_INCREMENT,
    volume_id varchar(36) NOT NULL,
    `key` varchar(255),
    value varchar(255),
    PRIMARY KEY (id),
    KEY ix_volume_metadata_volume_id (volume_id),
    FOREIGN KEY (volume_id) REFERENCES `${openstack}`.volumes (id)
) ENGINE = InnoDB CHARACTER SET utf8mb3;

CREATE TABLE `${openstack}`.volume_admin_metadata (
    created_at datetime,
    updated_at datetime,
    deleted_at datetime,
    deleted tinyint(1),
    id int NOT NULL AUTO_INCREMENT,
    volume_id varchar(36) NOT NULL,
    `key` varchar(255),
    value varchar(255),
    PRIMARY KEY (id),
    KEY ix_volume_admin_metadata_volume_id (volume_id),
    FOREIGN KEY (volume_id) REFERENCES `${openstack}`.volumes (id)
) ENGINE = InnoDB CHARACTER SET utf8mb3;

CREATE TABLE `${openstack}`.volume_glance_metadata (
    created_at datetime,
    updated_at datetime,
    deleted_at datetime,
    deleted tinyint(1),
    id int NOT NULL AUTO_INCREMENT,
    volume_id varchar(36),
    snapshot_id varchar(36),
    `key` varchar(255),
    value text,
    PRIMARY KEY (id),
    KEY ix_volume_glance_metadata_volume_id (volume_id),
    KEY ix_volume_glance_metadata_snapshot_id (snapshot_id),
    FOREIGN KEY (volume_id) REFERENCES `${openstack}`.volumes (id),
    CONSTRAINT CONSTRAINT_1 CHECK (deleted in (0,1))
) ENGINE = InnoDB CHARACTER SET utf8mb3;

CREATE TABLE `${openstack}`.workers (
    created_at datetime,
    updated_at datetime(6),
    deleted_at datetime,
    deleted tinyint(1),
    id int NOT NULL AUTO_INCREMENT,
    resource_type varchar(40) NOT NULL,
    resource_id varchar(36) NOT NULL,
    status varchar(255) NOT NULL,
    service_id int,
    race_preventer int NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE KEY resource_type (resource_type,resource_id),
    KEY ix_workers_service_id (service_id),
    FOREIGN KEY (service_id) REFERENCES `${openstack}`.services (id)
) ENGINE = InnoDB CHARACTER SET utf8mb3;

-- Cinder's own mark of how exact its clock is; it looks for this row
INSERT INTO `${openstack}`.workers (created_at, deleted, resource_type, resource_id, status)
VALUES (UTC_TIMESTAMP(), false, 'SENTINEL', 'SUB-SECOND', 'OK');
