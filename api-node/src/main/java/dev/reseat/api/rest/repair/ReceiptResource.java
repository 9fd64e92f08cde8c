package dev.reseat.api.rest.repair;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.ReceiptView;
import dev.reseat.api.service.Receipts;
import dev.reseat.api.service.SignedReceipt;
import jakarta.inject.Inject;
import java.util.Map;

/** {@code GET /journal/{id}/receipt}: the signed account of one repair. */
public final class ReceiptResource implements Resource {
    private final Receipts receipts;

    @Inject
    public ReceiptResource(Receipts receipts) {
        this.receipts = receipts;
    }

    @Override
    public void register(Routes routes) {
        routes.get(Api.RESEAT, "/journal/{id}/receipt", this::receipt);
    }

    private void receipt(Exchange exchange) {
        exchange.authorize("reseat:journal:receipt");
        SignedReceipt receipt = receipts.of(exchange.path("id"));
        exchange.json(200, Map.of("receipt", new ReceiptView(
                receipt.header(), receipt.payload(), receipt.signature())));
    }
}
