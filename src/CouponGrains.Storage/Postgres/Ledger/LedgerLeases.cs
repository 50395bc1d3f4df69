using CouponGrains.Domain;
using CouponGrains.Domain.Campaigns;

namespace CouponGrains.Storage.Postgres.Ledger;

/// <summary>The campaigns of which a writer believes to have a lease; it locks the others as a whole. What is true is
/// read under locks: who finds no lease where he believed in one begins again, see
/// <see cref="LeaseSpentException"/>.</summary>
/// <param name="holder">Names the writer among all that write to the database.</param>
internal sealed class LedgerLeases(string holder)
{
    private readonly HashSet<CampaignId> _held = [];

    public string Holder => holder;

    public bool Holds(CampaignId campaign) => _held.Contains(campaign);

    public void Note(CampaignId campaign, bool held)
    {
        if (held)
        {
            _held.Add(campaign);
        }
        else
        {
            _held.Remove(campaign);
        }
    }
}

/// <summary>A batch asked more of a campaign than its lease covers, or there is no lease: the batch is run again and
/// locks the campaign as a whole.</summary>
internal sealed class LeaseSpentException(CampaignId campaign)
    : Exception($"The lease on the campaign {campaign} does not cover what a batch asks for.")
{
    public CampaignId Campaign => campaign;
}

/// <summary>A lease as it is stored.</summary>
/// <param name="Campaign">Of what.</param>
/// <param name="Holder">Whose.</param>
/// <param name="Lease">What is left of it.</param>
/// <param name="Until">After that its holder gets no new one.</param>
internal sealed record LeaseRow(CampaignId Campaign, string Holder, BudgetLease Lease, DateTimeOffset Until);

/// <summary>What a batch makes of its lease on one campaign.</summary>
internal sealed class LeaseUse(BudgetLease given)
{
    private readonly Dictionary<int, BudgetRoom> _givenBack = [];

    /// <summary>What is left of it.</summary>
    public BudgetLease Left { get; private set; } = given;

    /// <summary>What was taken of it.</summary>
    public BudgetRoom Taken { get; private set; } = new(0, 0);

    /// <summary>What the campaign's balances are moved by.</summary>
    public BudgetMove Moved { get; private set; }

    /// <summary>Coupons issued more.</summary>
    public long Issued { get; set; }

    /// <summary>True if it changes anything.</summary>
    public bool IsChanged => Issued != 0 || Moved != default;

    /// <summary>Moves the balances; false if the lease does not cover it. What the batch itself gave back on a day may
    /// be taken on that day again, as when a reservation is redeemed; what is left of that in the end is
    /// everybody's.</summary>
    public bool Move(BudgetMove move)
    {
        var back = _givenBack.GetValueOrDefault(move.Day, new(0, 0));
        var (minor, uses) = (move.Minor - back.Minor, move.Uses - back.Uses!.Value);
        if (Left.Take(move.Day, Math.Max(0, minor), Math.Max(0, uses)) is not { } left)
        {
            return false;
        }

        Taken = new(Taken.Minor + Left.Room.Minor - left.Room.Minor, Taken.Uses + (Left.Room.Uses - left.Room.Uses ?? 0));
        Left = left;
        _givenBack[move.Day] = new(Math.Max(0, -minor), Math.Max(0, -uses));
        Moved = move with
        {
            Spent = Moved.Spent + move.Spent,
            Reserved = Moved.Reserved + move.Reserved,
            Redeemed = Moved.Redeemed + move.Redeemed,
            Held = Moved.Held + move.Held,
        };
        return true;
    }
}
