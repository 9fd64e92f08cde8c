package dev.reseat.api.service;

import dev.reseat.contract.volume.FenceClient;
import java.util.Optional;

/**
 * That a client is to be kept out.
 *
 * @param unseen whether also one that the backend does not show at the volume, as while its host is cut off
 * @param reason why, recorded; it has to be given
 */
public record FenceRequest(FenceClient client, boolean unseen, Optional<String> reason) {}
