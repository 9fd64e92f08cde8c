package dev.reseat.api.rest;

import java.lang.System.Logger.Level;

/** Lets nobody in: what an api-node does that has not been told how to know its callers. */
public final class RefuseAll implements Authenticator {
    private static final System.Logger LOG = System.getLogger(RefuseAll.class.getName());

    public RefuseAll() {
        LOG.log(
                Level.WARNING,
                "every request will be refused: auth_strategy is keystone and [keystone_authtoken] auth_url is not "
                        + "set");
    }

    @Override
    public Decision decide(Headers headers) {
        return new Decision.Denied("Keystone uri=\"\"");
    }
}
