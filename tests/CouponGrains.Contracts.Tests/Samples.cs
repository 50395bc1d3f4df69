using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace CouponGrains.Contracts.Tests;

/// <summary>How the lists of a sample are made: each gives another type at run time.</summary>
public enum Lists
{
    Empty,
    OneElementExpression,
    Expression,
    SpreadExpression,
    List,
    Array,
}

/// <summary>Makes samples of any wire type, and prints them, so that equal texts mean equal content.</summary>
internal static class Samples
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>A sample.</summary>
    /// <param name="type">Of what.</param>
    /// <param name="nulls">True leaves out all that may be left out.</param>
    /// <param name="lists">How its lists are made.</param>
    /// <param name="seed">Different seeds, different values.</param>
    public static object Make(Type type, bool nulls, Lists lists, int seed = 1)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Make(inner, nulls, lists, seed);
        }

        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return values.GetValue(seed % values.Length)!;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return Call(nameof(MakeList), type.GetGenericArguments(), nulls, lists, seed);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return Call(nameof(MakeDictionary), type.GetGenericArguments(), nulls, lists, seed);
        }

        return type switch
        {
            _ when type == typeof(string) => "text " + seed,
            _ when type == typeof(bool) => seed % 2 == 1,
            _ when type == typeof(int) => 1_000 + seed,
            _ when type == typeof(long) => 10_000_000_000L + seed,
            _ when type == typeof(double) => 0.25 + seed,
            _ when type == typeof(float) => 0.25f + seed,
            _ when type == typeof(byte[]) => new byte[] { 1, 2, (byte)seed },
            _ when type == typeof(TimeSpan) => TimeSpan.FromTicks(12_345_678 + seed),
            _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 5, 4, 3, 2, 1, seed % 1000, TimeSpan.Zero),
            _ when type == typeof(TimeOnly) => new TimeOnly(seed % 24, 30),
            _ when type == typeof(Domain.Currency) => new Domain.Currency("EUR"),
            _ => MakeObject(type, nulls, lists, seed),
        };
    }

    /// <summary>The properties that hold a type's content.</summary>
    public static IEnumerable<PropertyInfo> Stored(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.GetIndexParameters().Length == 0
            && type.GetField($"<{p.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is not null);

    /// <summary>The content as text.</summary>
    public static string Print(object? value)
    {
        var text = new StringBuilder();
        Append(value);
        return text.ToString();

        void Append(object? part)
        {
            switch (part)
            {
                case null:
                    text.Append("null");
                    break;
                case byte[] bytes:
                    text.Append(Convert.ToHexString(bytes));
                    break;
                case string s:
                    text.Append('"').Append(s).Append('"');
                    break;
                case IEnumerable many:
                    text.Append('[');
                    foreach (var element in many)
                    {
                        Append(element);
                        text.Append(", ");
                    }

                    text.Append(']');
                    break;
                case var known when WireTypes.IsOurs(known.GetType()) && !known.GetType().IsEnum || IsPair(known):
                    text.Append(known.GetType().Name).Append('{');
                    foreach (var property in IsPair(known) ? known.GetType().GetProperties() : Stored(known.GetType()))
                    {
                        text.Append(property.Name).Append(": ");
                        Append(property.GetValue(known));
                        text.Append(", ");
                    }

                    text.Append('}');
                    break;
                default:
                    text.Append(part is DateTimeOffset at ? at.ToString("O") : Convert.ToString(part, CultureInfo.InvariantCulture));
                    break;
            }
        }
    }

    private static bool IsPair(object value) =>
        value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private static object MakeObject(Type type, bool nulls, Lists lists, int seed)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var arguments = constructor.GetParameters()
            .Select((p, i) => nulls && MayBeNull(Nullability.Create(p)) ? null : Make(p.ParameterType, nulls, lists, seed + i))
            .ToArray();
        var made = constructor.Invoke(arguments);
        var given = constructor.GetParameters().Select(p => p.Name).ToHashSet();
        foreach (var property in Stored(type).Where(p => p.CanWrite && !given.Contains(p.Name)))
        {
            var value = nulls && MayBeNull(Nullability.Create(property))
                ? null
                : Make(property.PropertyType, nulls, lists, seed + property.Name.Length);
            property.SetValue(made, value);
        }

        return made;
    }

    private static bool MayBeNull(NullabilityInfo info) => info.ReadState == NullabilityState.Nullable;

    private static object Call(string method, Type[] types, bool nulls, Lists lists, int seed) => typeof(Samples)
        .GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(types)
        .Invoke(null, [nulls, lists, seed])!;

    private static IReadOnlyList<T> MakeList<T>(bool nulls, Lists lists, int seed)
    {
        T a = (T)Make(typeof(T), nulls, lists, seed), b = (T)Make(typeof(T), nulls, lists, seed + 1);
        var some = new HashSet<T> { a, b }.Where(x => x is not null);
        return lists switch
        {
            Lists.Empty => [],
            Lists.OneElementExpression => [a],
            Lists.Expression => [a, b],
            Lists.SpreadExpression => [.. some],
            Lists.List => new List<T> { a, b },
            _ => new[] { a, b },
        };
    }

    private static IReadOnlyDictionary<TKey, TValue> MakeDictionary<TKey, TValue>(bool nulls, Lists lists, int seed)
        where TKey : notnull
    {
        var made = new Dictionary<TKey, TValue>();
        for (var i = 0; lists != Lists.Empty && i < 2; i++)
        {
            made[(TKey)Make(typeof(TKey), nulls, lists, seed + i)] = (TValue)Make(typeof(TValue), nulls, lists, seed + i);
        }

        return lists is Lists.Array ? made.AsReadOnly() : made;
    }
}
