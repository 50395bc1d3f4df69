namespace CouponGrains.Domain.Offers;

/// <summary>What a coupon demands of the others in a cart. The numbers are stored: never reuse one.</summary>
public enum StackingRule
{
    /// <summary>It is alone.</summary>
    Exclusive = 1,

    /// <summary>No other of its class.</summary>
    OnePerClass = 2,

    /// <summary>Only others of the classes that it lists.</summary>
    StackableWith = 3,
}

/// <summary>Beside which other coupons an offer's coupon may be used in one cart. Two coupons may if both agree;
/// several if each two of them may.</summary>
public sealed record Stacking
{
    /// <summary>The longest name of a class, in characters.</summary>
    public const int ClassLengthMax = 64;

    /// <summary>The most classes listed.</summary>
    public const int WithMax = 64;

    /// <summary>What it demands.</summary>
    public StackingRule Rule { get; init; } = StackingRule.Exclusive;

    /// <summary>Its class.</summary>
    public string Class { get; init; } = "default";

    /// <summary>The classes beside which it may be used, for <see cref="StackingRule.StackableWith"/>; its own too, if
    /// listed.</summary>
    public IReadOnlyList<string> With { get; init; } = [];

    /// <summary>Coupons with a higher priority are taken off first.</summary>
    public int Priority { get; init; }

    /// <summary>True if two coupons may be used in one cart; the same for both ways round.</summary>
    public static bool Allows(Stacking one, Stacking other) => one.Accepts(other) && other.Accepts(one);

    /// <summary>The first rule that it breaks, or null. Pointers are relative to it.</summary>
    internal Refusal? Check()
    {
        if (!Enum.IsDefined(Rule))
        {
            return new(RefusalCodes.InvalidValue, $"There is no stacking rule {(int)Rule}.", "/rule");
        }

        if (!IsClass(Class))
        {
            return new(RefusalCodes.InvalidValue, $"A class has 1 to {ClassLengthMax} characters.", "/class");
        }

        return With.Count > WithMax || With.Any(c => !IsClass(c))
            || (Rule == StackingRule.StackableWith) != With.Count > 0
                ? new(RefusalCodes.InvalidValue, $"Stackable with 1 to {WithMax} classes; other rules list none.",
                    "/with")
                : null;
    }

    private bool Accepts(Stacking other) => Rule switch
    {
        StackingRule.OnePerClass => Class != other.Class,
        StackingRule.StackableWith => With.Contains(other.Class),
        _ => false,
    };

    private static bool IsClass(string? name) => !string.IsNullOrWhiteSpace(name) && name.Length <= ClassLengthMax;
}
