package dev.reseat.api.model;

import java.util.Optional;

/**
 * Where a volume is to be attached, in the flow of before attachments had connectors: to an instance or a host.
 *
 * @param mountpoint under which name it is seen there
 * @param mode {@code rw} or {@code ro}
 */
public record AttachRequest(
        Optional<String> instanceUuid, Optional<String> hostName, String mountpoint, String mode) {}
