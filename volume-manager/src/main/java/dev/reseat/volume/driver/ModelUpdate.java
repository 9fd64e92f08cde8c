package dev.reseat.volume.driver;

import dev.reseat.contract.connection.Secret;
import java.util.Optional;

/**
 * What Cinder is to store with the volume for a driver, and hands it again with the next call.
 *
 * @param providerLocation {@code volumes.provider_location}: where the export is
 * @param providerAuth {@code volumes.provider_auth}: what an initiator proves itself with, as
 *     {@code CHAP USER PASSWORD}
 */
public record ModelUpdate(Optional<String> providerLocation, Optional<Secret> providerAuth) {}
