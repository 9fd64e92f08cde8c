package dev.reseat.standalone;

/** Sparse files in a folder, on hosts that run no guests. */
final class FileStorage implements CloudStorage {
    static final String VOLUMES = "volumes";
    static final String OLD_VOLUMES = "volumes-before-the-move";

    private final WorkDirectory directory;

    FileStorage(WorkDirectory directory) {
        this.directory = directory;
    }

    @Override
    public String backend() {
        return "file";
    }

    @Override
    public String backendSettings() {
        return """
                volume_driver = file
                file_volumes_dir = %s
                file_users_share_namespace = true
                """.formatted(directory.directory(VOLUMES));
    }

    @Override
    public String hostSettings(String host) {
        return """
                [DEFAULT]
                compute_driver = none
                [local]
                volumes_dirs = %s, %s
                users_share_namespace = true
                """.formatted(directory.directory(VOLUMES), directory.directory(OLD_VOLUMES));
    }

    @Override
    public void start() {} // folders are made when they are asked for

    @Override
    public void stop() {} // they go with the work directory
}
