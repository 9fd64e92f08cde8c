package dev.reseat.api.service;

/**
 * A receipt as a flattened JSON Web Signature (RFC 7515, {@code EdDSA} of RFC 8037): each part in base64url.
 *
 * @param header what the signature is, as JSON
 * @param payload what is signed, as JSON
 */
public record SignedReceipt(String header, String payload, String signature) {}
