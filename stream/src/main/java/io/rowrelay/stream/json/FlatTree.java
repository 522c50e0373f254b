package io.rowrelay.stream.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.ValueNode;

/** A record that has been read, as the tree that a schema validates: reading its bytes a second time takes longer. */
final class FlatTree {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** A number of at most this many characters fits, sign included. */
    private static final int ALWAYS_A_LONG = 18;

    private FlatTree() {}

    /**
     * The tree, or empty where it takes the bytes to make it: with objects or arrays inside, or numbers too long for a schema.
     *
     * @throws NumberFormatException when an exponent is out of all bounds
     */
    static Optional<JsonNode> of(ParsedRecord record) {
        if (!record.flat()) {
            return Optional.empty();
        }
        ObjectNode tree = NODES.objectNode();
        for (int position = 0; position < record.names().size(); position++) {
            String name = record.names().get(position);
            String text = record.text(position);
            if (text == null) {
                tree.putNull(name);
            } else if (record.isString(position)) {
                tree.put(name, text);
            } else if (text.length() > JsonObjects.LONGEST_NUMBER_OF_A_SCHEMA) {
                return Optional.empty();
            } else {
                tree.set(name, bare(text));
            }
        }
        return Optional.of(tree);
    }

    private static ValueNode bare(String text) {
        return switch (text) {
            case "true" -> NODES.booleanNode(true);
            case "false" -> NODES.booleanNode(false);
            default -> number(text);
        };
    }

    /**
     * A whole number in the narrowest type, as the library reads it: numbers of two types are not equal to it, nor to an enum.
     */
    private static ValueNode number(String text) {
        if (!Digits.only(text, text.startsWith("-") ? 1 : 0)) {
            return NODES.numberNode(new BigDecimal(text));
        }
        if (text.length() <= ALWAYS_A_LONG) {
            long number = Long.parseLong(text);
            return number == (int) number ? NODES.numberNode((int) number) : NODES.numberNode(number);
        }
        BigInteger number = new BigInteger(text);
        return number.bitLength() < Long.SIZE ? NODES.numberNode(number.longValue()) : NODES.numberNode(number);
    }
}
