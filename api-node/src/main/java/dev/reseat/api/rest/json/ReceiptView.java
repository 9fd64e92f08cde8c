package dev.reseat.api.rest.json;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A flattened JSON Web Signature (RFC 7515): each part in base64url. */
public record ReceiptView(@JsonProperty("protected") String header, String payload, String signature) {}
