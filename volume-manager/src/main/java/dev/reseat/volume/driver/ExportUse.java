package dev.reseat.volume.driver;

/** Whether a volume is still open to anybody after a connection was terminated. */
public enum ExportUse {
    /** To nobody: the export may go. */
    NONE,
    /** Somebody else uses the same export: it has to stay. */
    SHARED
}
