package dev.reseat.api.rest.repair;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.service.RunningServices;
import dev.reseat.contract.status.StatusRpc.StatusTold;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /services}: every process of Reseat that answers, and what is wrong with it. */
public final class ServiceResource implements Resource {
    private static final String WAIT = "3";

    private final RunningServices services;

    @Inject
    public ServiceResource(RunningServices services) {
        this.services = services;
    }

    @Override
    public void register(Routes routes) {
        routes.get(Api.RESEAT, "/services", this::list);
    }

    private void list(Exchange exchange) {
        exchange.authorize("reseat:services:list");
        RunningServices.Report report;
        try {
            report = services.ask(exchange.context(), patience(exchange));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while services were answering", e);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("services", report.services().stream().map(ServiceResource::view).toList());
        answer.put("hosts_without_agent", report.hostsWithoutAgent());
        answer.put("backends_without_volume_manager", report.backendsWithoutManager());
        answer.put("not_asked", report.notAsked());
        exchange.json(200, answer);
    }

    private static Duration patience(Exchange exchange) {
        String text = exchange.query().text("wait").orElse(WAIT);
        if (!text.matches("[1-9]\\d?")) {
            throw HttpFault.badRequest("wait is no number of seconds from 1 to 99: " + text);
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }

    private static Map<String, Object> view(StatusTold told) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("program", told.program());
        view.put("host", told.host());
        view.put("servers", told.servers());
        view.put("version", told.version());
        view.put("since", told.since());
        view.put("status", worst(told.checks()));
        view.put("problems",
                told.checks().stream().filter(check -> !check.passed()).map(ServiceResource::problem).toList());
        return view;
    }

    private static String worst(List<StatusTold.Check> checks) {
        if (checks.stream().allMatch(StatusTold.Check::passed)) {
            return "up";
        }
        return checks.stream().anyMatch(check -> check.status().equals("down")) ? "down" : "degraded";
    }

    private static Map<String, Object> problem(StatusTold.Check check) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("check", check.name());
        problem.put("status", check.status());
        problem.put("detail", check.detail());
        return problem;
    }
}
