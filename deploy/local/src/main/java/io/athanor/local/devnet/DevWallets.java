package io.athanor.local.devnet;

/** Who is who among the public development wallets. */
public final class DevWallets {
    /** Deployer and treasury. */
    public static final int TREASURY = 0;

    /** Guardian of the contracts and operator of the node. */
    public static final int OPERATOR = 2;

    public static final int CLIENT = 3;
    public static final int PROVIDER = 4;
    /** The first of {@link #CHECKERS} checkers. */
    public static final int FIRST_CHECKER = 5;

    public static final int CHECKERS = 7;

    private DevWallets() {}
}
