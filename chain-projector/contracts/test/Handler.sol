// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AthVault} from "../src/AthVault.sol";
import {SettlementLog} from "../src/SettlementLog.sol";
import {Fixture} from "./Fixture.sol";

/// @title Handler
/// @notice Drives the contracts at random beside a small model, and fails where they and the model disagree.
contract Handler is Fixture {
    uint256 internal constant ACCOUNTS = 4;

    struct Root {
        bytes32[] leaves;
        uint256[] amounts;
        uint256 releasable;
        uint256 activeAt;
        uint256 lateAt;
        bool disabled;
    }

    bytes32 public pool;
    bytes32 public head;
    uint64 public batches;
    uint64 public transfers;
    uint256 public came;
    uint256 public went;
    uint256 public surplus;
    uint256 public bondedEver;
    uint256 public releasedEver;
    uint256 public penaltiesEver;
    uint256[] public requested;
    uint256[] public paid;
    uint256 private _toRelease;
    mapping(uint256 index => mapping(uint256 day => uint256 amount)) private _prompt;
    Root[] private _roots;

    function setUp() public override {
        super.setUp();
        pool = poolOf(2, bob);
        requested = new uint256[](ACCOUNTS);
        paid = new uint256[](ACCOUNTS);
        deposit(1, 1e24);
    }

    function contracts() external view returns (AthVault, SettlementLog) {
        return (vault, log);
    }

    function balance() external view returns (uint256) {
        return token.balanceOf(address(vault));
    }

    function accountBalance(uint256 index) external view returns (uint256) {
        return token.balanceOf(accountOf(index));
    }

    function deposit(uint256 who, uint256 amount) public {
        amount = bound(amount, 1, 1e24);
        VM.prank(treasury);
        vault.deposit(accountOf(who % ACCOUNTS), amount);
        inbound(amount);
    }

    function bond(uint256 amount) external {
        amount = bound(amount, 1, 1e24);
        VM.prank(treasury);
        vault.bond(pool, amount);
        inbound(amount);
        bondedEver += amount;
    }

    function fundReserve(bool checkers, uint256 amount) external {
        amount = bound(amount, 1, 1e24);
        VM.prank(treasury);
        vault.fundReserve(checkers ? 2 : 1, amount);
        inbound(amount);
    }

    function plainTransfer(uint256 amount) external {
        amount = bound(amount, 1, 1e20);
        VM.prank(treasury);
        token.transfer(address(vault), amount);
        surplus += amount;
    }

    function skim() external {
        VM.prank(admin);
        (bool done,) = address(vault).call(abi.encodeCall(AthVault.skim, (treasury)));
        assertTrue(done == (surplus > 0), "only surplus is skimmed");
        surplus = 0;
    }

    function wait(uint256 time) external {
        VM.warp(block.timestamp + bound(time, 1 hours, 2 days));
    }

    function submitBatch(bytes32 seed) external {
        bytes32 root = keccak256(abi.encode(seed));
        send(nextBatch(root, 1));
        head = keccak256(abi.encode(head, ++batches, root));
    }

    function replayBatch(uint64 seq, bytes32 root) external {
        SettlementLog.Batch memory batch = nextBatch(root, 1);
        if (seq == batch.seq) return;
        batch.seq = seq;
        bytes[] memory signatures = signed(batchHash(batch), keys, 5);
        VM.prank(submitter);
        (bool done,) = address(log).call(abi.encodeCall(SettlementLog.submit, (batch, signatures)));
        assertTrue(!done, "no other number than the next");
    }

    function request(uint256 who, uint256 amount) external {
        uint256 left = came - sum(requested);
        if (left == 0) return;
        requested[who % ACCOUNTS] += bound(amount, 1, left / 2 + 1);
    }

    function unbond(uint256 amount) external {
        if (bondedEver == _toRelease) return;
        _toRelease += bound(amount, 1, bondedEver - _toRelease);
    }

    function postRoot() external {
        postReleasing(_toRelease);
    }

    /// @dev The quorum signs that more was slashed than was ever bonded.
    function postFalseRelease(uint256 more) external {
        postReleasing(bondedEver + bound(more, 1, 1e20));
    }

    function postReleasing(uint256 release) private {
        bytes32[] memory leaves = new bytes32[](ACCOUNTS + 1);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            leaves[i] = withdrawalLeaf(accountOf(i), requested[i]);
        }
        leaves[ACCOUNTS] = releaseLeaf(pool, release);
        uint256 number = post(leaves, sum(requested));
        _roots.push(Root(leaves, requested, release, block.timestamp + ACTIVATION, block.timestamp + LATE, false));
        assertEq(_roots.length, number);
    }

    function disableRoot(uint256 which) external {
        if (_roots.length == 0) return;
        which = bound(which, 0, _roots.length - 1);
        Root storage root = _roots[which];
        bool allowed = !root.disabled && block.timestamp < root.activeAt;
        VM.prank(guardian);
        (bool done,) = address(vault).call(abi.encodeCall(AthVault.disableRoot, (uint64(which + 1))));
        assertTrue(done == allowed, "a root is disabled before its activation only");
        if (done) root.disabled = true;
    }

    function claim(uint256 which, uint256 who) external {
        if (_roots.length == 0) return;
        which = bound(which, 0, _roots.length - 1);
        who = who % ACCOUNTS;
        uint256 expected = claimable(_roots[which], who);
        bytes32[] memory proof = proofOf(_roots[which].leaves, who);
        uint256 amount = _roots[which].amounts[who];
        (bool done, bytes memory result) = address(vault).call(
            abi.encodeCall(AthVault.claim, (uint64(which + 1), uint32(who), accountOf(who), amount, proof))
        );
        assertEq(expected, done ? abi.decode(result, (uint256)) : 0);
        if (block.timestamp < _roots[which].lateAt) _prompt[who][block.timestamp / 1 days] += expected;
        paid[who] += expected;
        went += expected;
    }

    function releaseBond(uint256 which) external {
        if (_roots.length == 0) return;
        which = bound(which, 0, _roots.length - 1);
        Root storage root = _roots[which];
        bool due = active(root) && root.releasable > releasedEver && root.releasable <= bondedEver;
        bytes32[] memory proof = proofOf(root.leaves, ACCOUNTS);
        (bool done,) = address(vault).call(
            abi.encodeCall(
                AthVault.releaseBond, (uint64(which + 1), uint32(ACCOUNTS), pool, root.releasable, proof)
            )
        );
        assertTrue(done == due, "a bond is released once, and never more of it than there is");
        if (done) releasedEver = root.releasable;
    }

    /// @dev What the penalty book takes by proof, at most all that is bonded; a root releases only what is above it.
    function penalty(uint256 most) external {
        most = bound(most, 1, 1e24);
        uint256 held = bondedEver - releasedEver;
        uint256 expected = most < held ? most : held;
        VM.prank(address(penalties));
        assertEq(expected, vault.takePenalty(pool, most));
        releasedEver += expected;
        penaltiesEver += expected;
    }

    /// @dev Strangers, and the two lesser roles, try what only ADMIN or the penalty book may.
    function intrude(uint256 who, uint256 what) external {
        address[3] memory intruders = [accountOf(0), guardian, submitter];
        address intruder = intruders[who % 3];
        (address target, bytes memory call) = adminsCall(what, intruder);
        VM.prank(intruder);
        (bool done,) = target.call(call);
        assertTrue(!done, "not for them");
    }

    function adminsCall(uint256 what, address intruder) private view returns (address, bytes memory) {
        uint256 choice = what % 8;
        bytes32 role = log.ADMIN_ROLE();
        if (choice == 0) return (address(vault), abi.encodeCall(AthVault.skim, (intruder)));
        if (choice == 1) return (address(vault), abi.encodeCall(AthVault.setDailyLimit, (type(uint256).max)));
        if (choice == 2) return (address(vault), abi.encodeWithSignature("unpause()"));
        if (choice == 3) return (address(log), abi.encodeWithSignature("unpause()"));
        if (choice == 4) return (address(vault), abi.encodeCall(vault.grantRole, (role, intruder)));
        if (choice == 5) return (address(log), abi.encodeCall(log.revokeRole, (role, admin)));
        if (choice == 6) return (address(vault), abi.encodeCall(AthVault.takePenalty, (pool, 1)));
        address[] memory one = new address[](1);
        one[0] = intruder;
        return (address(log), abi.encodeCall(SettlementLog.installSetByAdmin, (2, one, 1)));
    }

    /// @dev Whether exactly those hold the roles to whom they were given.
    function rolesAreAsGiven() external view returns (bool) {
        bool lesser = !log.hasRole(log.ADMIN_ROLE(), guardian) && !log.hasRole(log.ADMIN_ROLE(), submitter)
            && !vault.hasRole(vault.ADMIN_ROLE(), guardian) && !vault.hasRole(vault.ADMIN_ROLE(), accountOf(0))
            && !log.hasRole(log.SUBMITTER_ROLE(), accountOf(0)) && !vault.hasRole(vault.GUARDIAN_ROLE(), accountOf(0));
        return lesser && log.hasRole(log.ADMIN_ROLE(), admin) && vault.hasRole(vault.ADMIN_ROLE(), admin)
            && vault.hasRole(vault.GUARDIAN_ROLE(), guardian) && log.hasRole(log.SUBMITTER_ROLE(), submitter);
    }

    /// @dev The model of what a claim pays now.
    function claimable(Root storage root, uint256 who) private view returns (uint256 amount) {
        if (!active(root) || root.amounts[who] <= paid[who]) return 0;
        amount = root.amounts[who] - paid[who];
        if (block.timestamp < root.lateAt) {
            uint256 room = DAILY_LIMIT - _prompt[who][block.timestamp / 1 days];
            if (amount > room) amount = room;
        }
        uint256 free = came - went - (bondedEver - releasedEver);
        if (amount > free) return 0;
    }

    function active(Root storage root) private view returns (bool) {
        return !root.disabled && block.timestamp >= root.activeAt;
    }

    function inbound(uint256 amount) private {
        came += amount;
        ++transfers;
    }

    function accountOf(uint256 index) private pure returns (address) {
        return address(uint160(0x1000 + index));
    }

    function sum(uint256[] storage amounts) private view returns (uint256 total) {
        for (uint256 i = 0; i < amounts.length; ++i) {
            total += amounts[i];
        }
    }
}
