namespace CouponGrains.Training.Models;

/// <summary>A sum and the item that it belongs to, in the row of its user.</summary>
internal record struct PairSum(int Item, float Sum);

/// <summary>A sum for each pair of user and item that was ever added to; both are numbers from 0 on.</summary>
/// <remarks>Memory follows the distinct pairs, not the additions: 8 bytes a pair and 8 a user at rest, in pages that
/// are never copied, and a buffer of at most <c>bufferMax</c> additions of 12 bytes. A full buffer is sorted by pair,
/// summed in double, and merged: pairs that are there take their sum in place, new ones are inserted in one sweep from
/// the back. So a sum is rounded to float once for each merge that touches it, and the same additions give the same
/// bits.</remarks>
internal sealed class PairSums
{
    private const int PageBits = 16;
    private const int PageMask = (1 << PageBits) - 1;
    private const int BufferMin = 1 << 10;

    private readonly int _bufferMax;
    private PairSum[][] _pages = [];
    private long[] _ends = []; // Of each user's row; a user beyond it has none yet.
    private int _users;
    private ulong[] _keys = []; // The user above, the item below.
    private float[] _amounts = [];
    private int _buffered;

    public PairSums(int bufferMax = 1 << 21) => _bufferMax = bufferMax;

    /// <summary>The distinct pairs.</summary>
    public long Pairs
    {
        get
        {
            Merge();
            return End(_users - 1);
        }
    }

    /// <summary>Bytes held: pages, rows and buffer.</summary>
    public long Bytes => (8L * _pages.Length << PageBits) + (8L * _ends.Length) + (12L * _keys.Length);

    /// <summary>Adds to the sum of a pair.</summary>
    public void Add(int user, int item, float amount)
    {
        if (_buffered == _keys.Length && !Grow())
        {
            Merge();
        }

        _keys[_buffered] = ((ulong)(uint)user << 32) | (uint)item;
        _amounts[_buffered++] = amount;
    }

    /// <summary>Multiplies every sum.</summary>
    public void Scale(float factor)
    {
        foreach (ref var amount in _amounts.AsSpan(0, _buffered))
        {
            amount *= factor;
        }

        foreach (var page in _pages)
        {
            foreach (ref var pair in page.AsSpan())
            {
                pair.Sum *= factor;
            }
        }
    }

    /// <summary>The row of a user, its items ascending; empty for a user without one. Good until the next
    /// addition.</summary>
    public Row RowOf(int user)
    {
        Merge();
        return new(_pages, End(user - 1), End(user));
    }

    /// <summary>Merges what is buffered. Reading does so too; only once it is done may several threads read.</summary>
    public void Merge()
    {
        if (_buffered == 0)
        {
            return;
        }

        Array.Sort(_keys, _amounts, 0, _buffered);
        var pairs = End(_users - 1);
        var news = AddToPresent();
        if (news > 0)
        {
            Insert(pairs, news);
        }

        _buffered = 0;
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        (_pages, _ends, _users) = ([], [], 0);
        (_keys, _amounts, _buffered) = ([], [], 0);
    }

    private long End(int user) => user < 0 || _users == 0 ? 0 : _ends[Math.Min(user, _users - 1)];

    private bool Grow()
    {
        if (_keys.Length >= _bufferMax)
        {
            return false;
        }

        var length = Math.Min(_bufferMax, Math.Max(BufferMin, 2 * _keys.Length));
        Array.Resize(ref _keys, length);
        Array.Resize(ref _amounts, length);
        return true;
    }

    // Sums the additions of each pair. Those of a pair that is there go into its place, the others to the front of the
    // buffer; answers how many these are.
    private int AddToPresent()
    {
        var (news, lastUser, from) = (0, -1, 0L);
        for (var b = 0; b < _buffered;)
        {
            var (key, sum) = (_keys[b], 0.0);
            for (; b < _buffered && _keys[b] == key; b++)
            {
                sum += _amounts[b];
            }

            var user = (int)(key >> 32);
            from = user == lastUser ? from : End(user - 1);
            lastUser = user;
            from = LowerBound(from, End(user), (int)(uint)key);
            if (from < End(user) && At(from).Item == (int)(uint)key)
            {
                At(from).Sum = (float)(At(from).Sum + sum);
            }
            else
            {
                (_keys[news], _amounts[news]) = (key, (float)sum);
                news++;
            }
        }

        return news;
    }

    private void Insert(long pairs, int news)
    {
        MakeRoom(pairs + news, (int)(_keys[news - 1] >> 32) + 1);
        var (read, write) = (pairs, pairs + news);
        for (var user = _users - 1; news > 0; user--)
        {
            var start = End(user - 1);
            _ends[user] = write;
            for (; news > 0 && (int)(_keys[news - 1] >> 32) == user; news--)
            {
                var item = (int)(uint)_keys[news - 1];
                while (read > start && At(read - 1).Item > item)
                {
                    At(--write) = At(--read);
                }

                At(--write) = new(item, _amounts[news - 1]);
            }

            while (read > start && read < write)
            {
                At(--write) = At(--read);
            }
        }
    }

    private void MakeRoom(long pairs, int users)
    {
        var have = _pages.Length;
        var pages = (int)((pairs + PageMask) >> PageBits);
        if (pages > have)
        {
            Array.Resize(ref _pages, pages);
            for (var page = have; page < pages; page++)
            {
                _pages[page] = new PairSum[1 << PageBits];
            }
        }

        if (users > _users)
        {
            if (users > _ends.Length)
            {
                Array.Resize(ref _ends, Math.Max(users, _ends.Length + (_ends.Length / 2)));
            }

            _ends.AsSpan(_users, users - _users).Fill(End(_users - 1));
            _users = users;
        }
    }

    private long LowerBound(long from, long end, int item)
    {
        while (from < end)
        {
            var middle = (from + end) >> 1;
            (from, end) = At(middle).Item < item ? (middle + 1, end) : (from, middle);
        }

        return from;
    }

    private ref PairSum At(long place) => ref _pages[place >> PageBits][place & PageMask];

    /// <summary>The pairs of one user.</summary>
    public readonly struct Row(PairSum[][] pages, long start, long end)
    {
        public int Length => (int)(end - start);

        public PairSum this[int i] => pages[(start + i) >> PageBits][(start + i) & PageMask];
    }
}
