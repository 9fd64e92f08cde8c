package dev.reseat.api.rest;

import dev.reseat.api.rest.policy.PolicyRules;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who may do what, by OpenStack's names of rules and ours. Whose things one sees is the services' concern: whoever is
 * no administrator is shown nothing but what is his project's, so a target is always of the caller's project.
 */
public final class Policy {
    private static final System.Logger LOG = System.getLogger(Policy.class.getName());

    private final PolicyRules rules;

    Policy(PolicyRules rules) {
        this.rules = rules;
    }

    /**
     * The rules that ship, overridden by those of {@code [oslo_policy] policy_file} if there is one. As upstream, a
     * name is looked for beside the files of settings, and one that is nowhere there overrides nothing.
     */
    static Policy from(Settings settings) {
        return new Policy(settings.value(
                "oslo_policy", "policy_file", PolicyRules.defaults(), file -> rules(settings, file)));
    }

    private static PolicyRules rules(Settings settings, String file) {
        if (file.isBlank()) {
            return PolicyRules.defaults();
        }
        Optional<Path> found = settings.find(Path.of(file));
        if (found.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING,
                    "[oslo_policy] policy_file {0} is not beside the files of settings: the"
                            + " rules are those that ship",
                    file);
        }
        return found.map(PolicyRules::of).orElseGet(PolicyRules::defaults);
    }

    /**
     * Lets pass whom the rule admits.
     *
     * @throws HttpFault 403 in Cinder's words
     */
    void check(RequestContext context, String rule) {
        if (!allows(context, rule)) {
            throw new HttpFault(403, "Policy doesn't allow " + rule + " to be performed.");
        }
    }

    boolean allows(RequestContext context, String rule) {
        return rules.allows(rule, context.values(), target(context.values()));
    }

    /** Whether somebody counts as an administrator. */
    boolean isAdmin(RequestContext context) {
        return allows(context, "context_is_admin");
    }

    private static Map<String, String> target(Map<String, Object> who) {
        Map<String, String> target = new HashMap<>();
        for (String key : new String[]{"project_id", "user_id"}) {
            if (who.get(key) instanceof String value) {
                target.put(key, value);
            }
        }
        return target;
    }
}
