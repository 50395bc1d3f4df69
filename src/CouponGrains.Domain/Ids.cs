namespace CouponGrains.Domain;

/// <summary>What every identifier given from outside must satisfy: 1 to 128 characters, none of them a control
/// character and no white space at either end.</summary>
public static class IdRules
{
    /// <summary>The longest identifier, in UTF-16 characters.</summary>
    public const int LengthMax = 128;

    /// <summary>True if <paramref name="value"/> may serve as an identifier.</summary>
    public static bool IsValid(string? value)
    {
        if (string.IsNullOrEmpty(value) || value.Length > LengthMax)
        {
            return false;
        }

        if (char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]))
        {
            return false;
        }

        foreach (var c in value)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }

    // The text itself stays out of the message: it may name a person, and messages are logged.
    internal static string Checked(string value, string name) => IsValid(value)
        ? value
        : throw new ArgumentException($"{name} must have 1 to {LengthMax} characters, no control characters and no "
            + "white space at its ends.", name);
}

/// <summary>A user of the shop, as the shop names him (or the pseudonym that stands for him).</summary>
/// <param name="Value">The identifier; see <see cref="IdRules"/>.</param>
public readonly record struct UserId(string Value) : IComparable<UserId>
{
    /// <summary>The identifier, valid by construction.</summary>
    public string Value { get; } = IdRules.Checked(Value, nameof(UserId));

    /// <summary>Ordinal order, so that lists of users are stable everywhere.</summary>
    public int CompareTo(UserId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>An item of the catalog.</summary>
/// <param name="Value">The identifier; see <see cref="IdRules"/>.</param>
public readonly record struct ItemId(string Value) : IComparable<ItemId>
{
    /// <summary>The identifier, valid by construction.</summary>
    public string Value { get; } = IdRules.Checked(Value, nameof(ItemId));

    /// <summary>Ordinal order, so that rows of a model are stable everywhere.</summary>
    public int CompareTo(ItemId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>An event; made by the sender, so that sending it twice records it once.</summary>
/// <param name="Value">The identifier; see <see cref="IdRules"/>.</param>
public readonly record struct EventId(string Value)
{
    /// <summary>The identifier, valid by construction.</summary>
    public string Value { get; } = IdRules.Checked(Value, nameof(EventId));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A campaign.</summary>
/// <param name="Value">The identifier; see <see cref="IdRules"/>.</param>
public readonly record struct CampaignId(string Value) : IComparable<CampaignId>
{
    /// <summary>The identifier, valid by construction.</summary>
    public string Value { get; } = IdRules.Checked(Value, nameof(CampaignId));

    /// <summary>Ordinal order.</summary>
    public int CompareTo(CampaignId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>An offer, that is a coupon's design; many coupons may carry it.</summary>
/// <param name="Value">The identifier; see <see cref="IdRules"/>.</param>
public readonly record struct OfferId(string Value) : IComparable<OfferId>
{
    /// <summary>The identifier, valid by construction.</summary>
    public string Value { get; } = IdRules.Checked(Value, nameof(OfferId));

    /// <summary>Ordinal order: the last tie-break of the ranking.</summary>
    public int CompareTo(OfferId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The version of a published model: 1, 2, 3, …; 0 says that there is none yet.</summary>
/// <param name="Number">The number of the publication.</param>
public readonly record struct ModelVersion(long Number) : IComparable<ModelVersion>
{
    /// <summary>Stands for «no model has been published».</summary>
    public static readonly ModelVersion None;

    /// <inheritdoc/>
    public int CompareTo(ModelVersion other) => Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => $"v{Number}";
}
