package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.contract.state.DiagnoseCall;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which volumes to look at. Several conditions must all hold; none at all selects nothing, and that is an error.
 *
 * @param volumes ids
 * @param instance uuid of a server that has them mapped or attached
 * @param host a compute host: whose servers have them mapped, or which they are attached to
 * @param backend {@code host}, {@code host@backend} or {@code host@backend#pool}
 * @param all every volume there is
 * @param after id of the last volume of the page before
 * @param limit most volumes of one page
 */
public record DiagnosisRequest(
        List<String> volumes,
        Optional<String> instance,
        Optional<String> host,
        Optional<String> backend,
        Optional<String> project,
        Optional<String> state,
        boolean all,
        Optional<String> after,
        int limit) {
    /** Most volumes of one page. */
    public static final int MOST = 200;

    /** @throws ServiceException.Invalid if it selects by nothing, or everything and something */
    public DiagnosisRequest {
        volumes = List.copyOf(volumes);
        long selectors = Stream.of(instance, host, backend, project, state).flatMap(Optional::stream).count();
        if (volumes.isEmpty() && selectors == 0 && !all) {
            throw new ServiceException.Invalid(
                    "Say which volumes: their ids, instance, host, backend, project, state, or all.");
        }
        if (all && (!volumes.isEmpty() || selectors > 0)) {
            throw new ServiceException.Invalid("all goes with no other selector.");
        }
        if (Stream.of(instance, host, backend, project, state).flatMap(Optional::stream).anyMatch(String::isBlank)
                || volumes.stream().anyMatch(String::isBlank)) {
            throw new ServiceException.Invalid("A selector is blank; it selects nothing.");
        }
        if (limit < 1 || limit > MOST) {
            throw new ServiceException.Invalid("limit must be from 1 to " + MOST + ": " + limit);
        }
    }

    /** As it was asked for, over whatever. @throws ServiceException.Invalid as the constructor does */
    public static DiagnosisRequest of(DiagnoseCall call) {
        return new DiagnosisRequest(
                call.volumes().orElse(List.of()), call.instance(), call.host(), call.backend(), call.project(),
                call.state(), call.all().orElse(false), call.after(), call.limit().orElse(MOST));
    }
}
