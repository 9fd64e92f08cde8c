package dev.reseat.api.rest.json;

import dev.reseat.api.model.CinderService;
import dev.reseat.api.object.CinderTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One of Cinder's services, as {@code os-services} lists it. */
public final class ServiceView {
    private ServiceView() {}

    /**
     * @param withCluster as later microversions have it
     * @param withBackend likewise; the state of a backend is that of its service, for more only the scheduler knows
     */
    public static Map<String, Object> of(CinderService service, boolean withCluster, boolean withBackend) {
        boolean ofVolumes = service.binary().equals("cinder-volume");
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("binary", service.binary());
        view.put("host", service.host());
        view.put("zone", service.zone());
        view.put("status", service.disabled() ? "disabled" : "enabled");
        view.put("state", service.up() ? "up" : "down");
        view.put("updated_at", service.changed().map(CinderTime::text));
        if (withBackend && ofVolumes) {
            view.put("backend_state", service.up() ? Optional.of("up") : Optional.empty());
        }
        if (withCluster) {
            view.put("cluster", service.cluster());
        }
        view.put("disabled_reason", service.disabledReason());
        if (ofVolumes) {
            view.put("replication_status", service.replicationStatus());
            view.put("active_backend_id", service.activeBackend());
            view.put("frozen", service.frozen());
        }
        return view;
    }
}
