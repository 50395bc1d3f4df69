namespace CouponGrains.Faults.Shopping;

/// <summary>What the clients of one shop know together: coupons they were issued, keys they used, and wishes of which
/// they do not know what became. Thread-safe.</summary>
internal sealed class Shop
{
    /// <summary>Clients mostly speak of what is new.</summary>
    private const int Recent = 150;

    private readonly Lock _gate = new();
    private readonly List<Wish> _open = [];
    private readonly HashSet<(WishKind, string)> _isOpen = [];
    private readonly List<(string User, string Code)> _coupons = [];
    private readonly List<Wish> _reservations = [];
    private readonly List<Wish> _redemptions = [];
    private readonly List<Wish> _done = [];
    private readonly Dictionary<string, int> _answers = [];
    private Terms _terms = new("none");
    private IReadOnlyList<string> _freeCodes = [];
    private int _revision;
    private bool _paused;
    private int _number;

    /// <summary>The campaign of which coupons are issued now.</summary>
    public Terms Terms
    {
        get
        {
            lock (_gate)
            {
                return _terms;
            }
        }
    }

    /// <summary>How many wishes are open: nobody knows what became of them.</summary>
    public int OpenCount
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>How often each answer came.</summary>
    public IReadOnlyList<(string Code, int Count)> Answers
    {
        get
        {
            lock (_gate)
            {
                return [.. _answers.OrderByDescending(a => a.Value).Select(a => (a.Key, a.Value))];
            }
        }
    }

    /// <summary>Issues of another campaign from now on.</summary>
    /// <param name="terms">The campaign, which is active.</param>
    /// <param name="freeCodes">Its codes that were made in advance.</param>
    /// <param name="revision">Its revision.</param>
    public void Open(Terms terms, IReadOnlyList<string> freeCodes, int revision)
    {
        lock (_gate)
        {
            (_terms, _freeCodes, _revision, _paused) = (terms, freeCodes, revision, false);
        }
    }

    /// <summary>The next turn of the campaign if it is of this kind: the same for everybody until one knows that it was
    /// made.</summary>
    public Wish? Turn(WishKind kind)
    {
        lock (_gate)
        {
            return _revision == 0 || (kind == WishKind.Resume) != _paused ? null
                : new(kind, $"{_terms.Campaign}@{_revision}", "") { Campaign = _terms.Campaign, Revision = _revision };
        }
    }

    /// <summary>A code of the campaign that was made in advance, whoever has claimed it meanwhile.</summary>
    public string? FreeCode(Random random)
    {
        lock (_gate)
        {
            return _freeCodes.Count == 0 ? null : _freeCodes[random.Next(_freeCodes.Count)];
        }
    }

    public string NewKey(string prefix) => $"{prefix}-{Interlocked.Increment(ref _number)}";

    /// <summary>A coupon that was issued, or null while there is none.</summary>
    public (string User, string Code)? Coupon(Random random) => Pick(_coupons, random) is { Code: not null } coupon ? coupon : null;

    /// <summary>A reservation that was asked for.</summary>
    public Wish? Reservation(Random random) => Pick(_reservations, random);

    /// <summary>A redemption that was acknowledged.</summary>
    public Wish? Redemption(Random random) => Pick(_redemptions, random);

    /// <summary>A wish that was fulfilled.</summary>
    public Wish? Fulfilled(Random random) => Pick(_done, random);

    /// <summary>The last wishes of a kind that were fulfilled.</summary>
    public IReadOnlyList<Wish> LastFulfilled(WishKind kind, int count)
    {
        lock (_gate)
        {
            return [.. _done.Where(wish => wish.Kind == kind).TakeLast(count)];
        }
    }

    /// <summary>Takes an open wish, oldest first, to ask for it again.</summary>
    public Wish? TakeOpen()
    {
        lock (_gate)
        {
            if (_open.Count == 0)
            {
                return null;
            }

            var wish = _open[0];
            _open.RemoveAt(0);
            _isOpen.Remove((wish.Kind, wish.Key));
            return wish;
        }
    }

    /// <summary>Remembers that a coupon is being set aside, so that others may confirm or release it.</summary>
    public void Reserving(Wish wish)
    {
        lock (_gate)
        {
            _reservations.Add(wish);
        }
    }

    /// <summary>Remembers an answer.</summary>
    public void Note(Wish wish, Answer answer)
    {
        lock (_gate)
        {
            _answers[answer.Code] = _answers.GetValueOrDefault(answer.Code) + 1;
            if ((answer.IsDone || answer.IsMoved) && (wish.Campaign, wish.Revision) == (_terms.Campaign, _revision))
            {
                (_revision, _paused) = (_revision + 1, !_paused);
            }

            if (!answer.IsKnown)
            {
                if (_isOpen.Add((wish.Kind, wish.Key)))
                {
                    _open.Add(wish);
                }
            }
            else if (answer.IsDone)
            {
                _done.Add(wish);
                if (wish.Kind is WishKind.Issue or WishKind.ClaimShared or WishKind.ClaimFree)
                {
                    _coupons.Add((wish.User, answer.Coupon!));
                }
                else if (wish.Kind is WishKind.Redeem or WishKind.Confirm)
                {
                    _redemptions.Add(wish);
                }
            }
        }
    }

    private T? Pick<T>(List<T> from, Random random)
    {
        lock (_gate)
        {
            return from.Count == 0 ? default : from[from.Count - 1 - random.Next(Math.Min(from.Count, Recent))];
        }
    }
}
