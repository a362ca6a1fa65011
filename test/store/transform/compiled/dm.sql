-- Debit Memo Template (Pre-Configured)
-- $1, $7, $8, $9, $10: the entity
-- $2: its organisation
-- $3: 'DebitMemoItem'
-- $4: 'Debit Memo Template (Pre-Configured)'
-- $5: the version of the template
-- $6: the run

insert into staging.line (
  entity, org, id, type, form, source_object, source_id, template, template_version, run, sources, withheld,
  business_unit,
  company_code,
  customer_number,
  customer_name,
  account_id,
  functional_currency,
  transaction_currency,
  rate_plan_id,
  rate_plan_name,
  rate_plan_charge_num,
  rate_plan_charge_name,
  rate_plan_charge_version,
  rate_plan_charge_model,
  rate_plan_charge_type,
  rate_plan_charge_trigger_event,
  rate_plan_charge_segment,
  rate_plan_charge_id,
  original_rate_plan_charge_id,
  product_id,
  sales_order_date,
  subscription_id,
  subscription_name,
  subscription_version,
  subscription_start_date,
  subscription_end_date,
  subscription_owner,
  invoice_owner,
  subscription_type,
  revenue_start_date,
  revenue_end_date,
  ordered_qty,
  ext_sell_price,
  deferred_segments,
  revenue_segments,
  adjustment_liability_account,
  adjustment_revenue_account,
  unbilled_ar_account,
  contract_asset_account,
  product_rate_plan_charge_id,
  product_rate_plan_id,
  charge_created_date,
  charge_last_update_date,
  billing_id,
  billing_item_id,
  invoice_num,
  invoice_date,
  invoice_qty,
  ext_list_price,
  amendment_id,
  amendment_type,
  ramp_id,
  so_line_id,
  so_number,
  so_book_date,
  sequence_number,
  term_number,
  duration,
  ct_mod_date,
  amendment_reason,
  invoice_line_id,
  original_so_line_id,
  original_invoice_line_id,
  skip_ct_mod,
  ramp_deal_ref,
  func_ex_rate,
  inverse_func_ex_rate,
  func_ex_rate_date,
  func_ex_rate_source,
  functional_ext_sell_price,
  reporting_currency,
  global_ex_rate,
  inverse_global_ex_rate,
  global_ex_rate_date,
  global_ex_rate_source,
  reporting_ext_sell_price
)
select
  $1,
  $2,
  case when c.id is null then f.line_type || ':' || case when f.part is null then f.source_id else f.so_line_id || '@1' end else coalesce(n.base, c.id) || '#' || coalesce(n.next, 2) end,
  coalesce(c.type, f.line_type),
  case when c.id is null then 1 else coalesce(n.next, 2) end,
  $3,
  f.source_id,
  $4,
  $5::integer,
  $6::bigint,
  f.sources,
  nullif(case
    when c.id is not null then array[case
      when (row(f.so_book_date, f.ext_sell_price, f.ext_list_price, f.ct_mod_date, f.amendment_reason, f.duration) is distinct from row(c.so_book_date, c.ext_sell_price, c.ext_list_price, c.ct_mod_date, c.amendment_reason, c.duration)
          or c.type = 'SO' and row(f.subscription_start_date, f.subscription_end_date, f.ordered_qty) is distinct from row(c.subscription_start_date, c.subscription_end_date, c.ordered_qty)) then 'same-version-recollection:' || concat_ws(', ',
        case when f.so_book_date is distinct from c.so_book_date then 'SO Book Date (was ' || coalesce(to_char(c.so_book_date, 'YYYY-MM-DD'), 'empty') || ', is ' || coalesce(to_char(f.so_book_date, 'YYYY-MM-DD'), 'empty') || ')' end,
        case when f.ext_sell_price is distinct from c.ext_sell_price then 'Ext Sell Price (was ' || coalesce(trim_scale(c.ext_sell_price)::text, 'empty') || ', is ' || coalesce(trim_scale(f.ext_sell_price)::text, 'empty') || ')' end,
        case when f.ext_list_price is distinct from c.ext_list_price then 'Ext List Price (was ' || coalesce(trim_scale(c.ext_list_price)::text, 'empty') || ', is ' || coalesce(trim_scale(f.ext_list_price)::text, 'empty') || ')' end,
        case when f.subscription_start_date is distinct from c.subscription_start_date then 'Subscription Start Date (was ' || coalesce(to_char(c.subscription_start_date, 'YYYY-MM-DD'), 'empty') || ', is ' || coalesce(to_char(f.subscription_start_date, 'YYYY-MM-DD'), 'empty') || ')' end,
        case when f.subscription_end_date is distinct from c.subscription_end_date then 'Subscription End Date (was ' || coalesce(to_char(c.subscription_end_date, 'YYYY-MM-DD'), 'empty') || ', is ' || coalesce(to_char(f.subscription_end_date, 'YYYY-MM-DD'), 'empty') || ')' end,
        case when f.ordered_qty is distinct from c.ordered_qty then 'Ordered Qty (was ' || coalesce(trim_scale(c.ordered_qty)::text, 'empty') || ', is ' || coalesce(trim_scale(f.ordered_qty)::text, 'empty') || ')' end,
        case when f.ct_mod_date is distinct from c.ct_mod_date then 'CT Mod Date (was ' || coalesce(to_char(c.ct_mod_date, 'YYYY-MM-DD'), 'empty') || ', is ' || coalesce(to_char(f.ct_mod_date, 'YYYY-MM-DD'), 'empty') || ')' end,
        case when f.amendment_reason is distinct from c.amendment_reason then 'Amendment Reason (was ' || coalesce(nullif(c.amendment_reason, ''), 'empty') || ', is ' || coalesce(nullif(f.amendment_reason, ''), 'empty') || ')' end,
        case when f.duration is distinct from c.duration then 'Duration (was ' || coalesce(trim_scale(c.duration)::text, 'empty') || ', is ' || coalesce(trim_scale(f.duration)::text, 'empty') || ')' end)
      else 'custom-field-update' end]
    when cardinality(f.orphans) > 0 then f.orphans
    else array_remove(array[
      case when f.business_unit is null then 'missing-business-unit:Entity.DisplayName is empty' end,
      case when f.company_code is null then 'missing-company-code:Entity.EntityName is empty' end,
      case when f.part is null and f.invoice_line_id is null then 'missing-invoice-line-id' end,
      case when f.invoice_date is null then 'missing-invoice-date:DebitMemo.MemoDate holds no date' end,
      case when f.revenue_start_date is null then 'missing-revenue-start-date:DebitMemoItem.ServiceStartDate holds no date' end,
      case when f.unsigned then 'missing-ext-sell-price:its type is neither Credit nor Charge' else case when f.ext_sell_price is null then 'missing-ext-sell-price:DebitMemoItem.AmountWithoutTax holds no number' end end,
      case when f.so_line_id is null
          then case when f.uncharged then 'missing-reference:it names neither a charge nor an invoice item' else 'missing-so-line-id' end end,
      case when f.so_line_id is not null and not starts_with(f.so_line_id, 'REVSYNC-') then case when f.sales_order_date is null then 'missing-sales-order-date:Subscription.TermStartDate holds no date' end end,
      case when f.so_line_id is not null and not starts_with(f.so_line_id, 'REVSYNC-') then case when f.ordered_qty is null then 'missing-ordered-qty:RatePlanCharge.Quantity holds no number' end end,
      case when f.so_line_id is not null and not starts_with(f.so_line_id, 'REVSYNC-') then case when f.sequence_number is null then 'missing-sequence-number' end end,
      case when f.so_line_id is not null and not starts_with(f.so_line_id, 'REVSYNC-') then case when f.term_number is null then 'missing-term-number' end end,
      'missing-accounting-code:' || f.blank_codes,
      'possible-replacement:' || f.resembles,
      case when f.transaction_currency <> f.functional_currency and f.func_ex_rate is null and f.wanted_day is not null
          then 'missing-exchange-rate:' || f.transaction_currency || ' to ' || f.functional_currency || ' on ' || f.wanted_day end,
      case when f.functional_currency <> f.reporting_currency and f.global_ex_rate is null and f.wanted_day is not null
          then 'missing-exchange-rate:' || f.functional_currency || ' to ' || f.reporting_currency || ' on ' || f.wanted_day end
    ], null)
  end, '{}'),
  f.business_unit,
  f.company_code,
  f.customer_number,
  f.customer_name,
  f.account_id,
  f.functional_currency,
  f.transaction_currency,
  f.rate_plan_id,
  f.rate_plan_name,
  f.rate_plan_charge_num,
  f.rate_plan_charge_name,
  f.rate_plan_charge_version,
  f.rate_plan_charge_model,
  f.rate_plan_charge_type,
  f.rate_plan_charge_trigger_event,
  f.rate_plan_charge_segment,
  f.rate_plan_charge_id,
  f.original_rate_plan_charge_id,
  f.product_id,
  f.sales_order_date,
  f.subscription_id,
  f.subscription_name,
  f.subscription_version,
  f.subscription_start_date,
  f.subscription_end_date,
  f.subscription_owner,
  f.invoice_owner,
  f.subscription_type,
  f.revenue_start_date,
  f.revenue_end_date,
  f.ordered_qty,
  f.ext_sell_price,
  f.deferred_segments,
  f.revenue_segments,
  f.adjustment_liability_account,
  f.adjustment_revenue_account,
  f.unbilled_ar_account,
  f.contract_asset_account,
  f.product_rate_plan_charge_id,
  f.product_rate_plan_id,
  f.charge_created_date,
  f.charge_last_update_date,
  f.billing_id,
  f.billing_item_id,
  f.invoice_num,
  f.invoice_date,
  f.invoice_qty,
  f.ext_list_price,
  f.amendment_id,
  f.amendment_type,
  f.ramp_id,
  f.so_line_id,
  f.so_number,
  f.so_book_date,
  f.sequence_number,
  f.term_number,
  f.duration,
  f.ct_mod_date,
  f.amendment_reason,
  f.invoice_line_id,
  f.original_so_line_id,
  f.original_invoice_line_id,
  f.skip_ct_mod,
  f.ramp_deal_ref,
  f.func_ex_rate,
  f.inverse_func_ex_rate,
  f.func_ex_rate_date,
  f.func_ex_rate_source,
  f.functional_ext_sell_price,
  f.reporting_currency,
  f.global_ex_rate,
  f.inverse_global_ex_rate,
  f.global_ex_rate_date,
  f.global_ex_rate_source,
  f.reporting_ext_sell_price
from (
  select r.*,
  case when r.inverse then round(1.000000000000000000000000000000 / nullif(r.rate, 0), 18) else r.rate end as func_ex_rate,
  case when r.inverse then r.rate end as inverse_func_ex_rate,
  case when r.transaction_currency = r.functional_currency then r.ext_sell_price
    else round(r.ext_sell_price * 1.000000000000000000000000000000 * (case when r.inverse then 1 else r.rate end) / (case when r.inverse then nullif(r.rate, 0) else 1 end), case r.functional_currency when 'BHD' then 3 when 'BIF' then 0 when 'CLF' then 4 when 'CLP' then 0 when 'DJF' then 0 when 'GNF' then 0 when 'IQD' then 3 when 'ISK' then 0 when 'JOD' then 3 when 'JPY' then 0 when 'KMF' then 0 when 'KRW' then 0 when 'KWD' then 3 when 'LYD' then 3 when 'OMR' then 3 when 'PYG' then 0 when 'RWF' then 0 when 'TND' then 3 when 'UGX' then 0 when 'UYI' then 0 when 'UYW' then 4 when 'VND' then 0 when 'VUV' then 0 when 'XAF' then 0 when 'XAG' then 0 when 'XAU' then 0 when 'XBA' then 0 when 'XBB' then 0 when 'XBC' then 0 when 'XBD' then 0 when 'XDR' then 0 when 'XOF' then 0 when 'XPD' then 0 when 'XPF' then 0 when 'XPT' then 0 when 'XSU' then 0 when 'XTS' then 0 when 'XUA' then 0 when 'XXX' then 0 else 2 end) end as functional_ext_sell_price,
  case when r.global_inverse then round(1.000000000000000000000000000000 / nullif(r.global_rate, 0), 18) else r.global_rate end as global_ex_rate,
  case when r.global_inverse then r.global_rate end as inverse_global_ex_rate,
  case when r.functional_currency = r.reporting_currency then case when r.transaction_currency = r.functional_currency then r.ext_sell_price
    else round(r.ext_sell_price * 1.000000000000000000000000000000 * (case when r.inverse then 1 else r.rate end) / (case when r.inverse then nullif(r.rate, 0) else 1 end), case r.functional_currency when 'BHD' then 3 when 'BIF' then 0 when 'CLF' then 4 when 'CLP' then 0 when 'DJF' then 0 when 'GNF' then 0 when 'IQD' then 3 when 'ISK' then 0 when 'JOD' then 3 when 'JPY' then 0 when 'KMF' then 0 when 'KRW' then 0 when 'KWD' then 3 when 'LYD' then 3 when 'OMR' then 3 when 'PYG' then 0 when 'RWF' then 0 when 'TND' then 3 when 'UGX' then 0 when 'UYI' then 0 when 'UYW' then 4 when 'VND' then 0 when 'VUV' then 0 when 'XAF' then 0 when 'XAG' then 0 when 'XAU' then 0 when 'XBA' then 0 when 'XBB' then 0 when 'XBC' then 0 when 'XBD' then 0 when 'XDR' then 0 when 'XOF' then 0 when 'XPD' then 0 when 'XPF' then 0 when 'XPT' then 0 when 'XSU' then 0 when 'XTS' then 0 when 'XUA' then 0 when 'XXX' then 0 else 2 end) end
    else round(r.ext_sell_price * 1.000000000000000000000000000000 * (case when r.inverse then 1 else r.rate end) * (case when r.global_inverse then 1 else r.global_rate end)
      / ((case when r.inverse then nullif(r.rate, 0) else 1 end) * (case when r.global_inverse then nullif(r.global_rate, 0) else 1 end)), case r.reporting_currency when 'BHD' then 3 when 'BIF' then 0 when 'CLF' then 4 when 'CLP' then 0 when 'DJF' then 0 when 'GNF' then 0 when 'IQD' then 3 when 'ISK' then 0 when 'JOD' then 3 when 'JPY' then 0 when 'KMF' then 0 when 'KRW' then 0 when 'KWD' then 3 when 'LYD' then 3 when 'OMR' then 3 when 'PYG' then 0 when 'RWF' then 0 when 'TND' then 3 when 'UGX' then 0 when 'UYI' then 0 when 'UYW' then 4 when 'VND' then 0 when 'VUV' then 0 when 'XAF' then 0 when 'XAG' then 0 when 'XAU' then 0 when 'XBA' then 0 when 'XBB' then 0 when 'XBC' then 0 when 'XBD' then 0 when 'XDR' then 0 when 'XOF' then 0 when 'XPD' then 0 when 'XPF' then 0 when 'XPT' then 0 when 'XSU' then 0 when 'XTS' then 0 when 'XUA' then 0 when 'XXX' then 0 else 2 end) end as reporting_ext_sell_price
  from (
    select f.*,
    coalesce(case when (select from_billing from rate_setting) then f.told_day end, f.rate_day, f.sales_order_date) as wanted_day,
    case
      when f.mapped_rate is not null then f.mapped_rate
      when f.transaction_currency = f.functional_currency then 1
      when (select from_billing from rate_setting) and f.told_rate is not null
        and coalesce(f.told_home, f.functional_currency) = f.functional_currency then f.told_rate
      else d.rate end as rate,
    case
      when f.mapped_rate is not null then false
      when f.transaction_currency = f.functional_currency then false
      when (select from_billing from rate_setting) and f.told_rate is not null
        and coalesce(f.told_home, f.functional_currency) = f.functional_currency then f.told_divides
      else d.inverse end as inverse,
    case
      when f.mapped_rate is not null then null::date
      when f.transaction_currency = f.functional_currency then null::date
      when (select from_billing from rate_setting) and f.told_rate is not null
        and coalesce(f.told_home, f.functional_currency) = f.functional_currency then f.told_day
      else d.told_for end as func_ex_rate_date,
    case
      when f.mapped_rate is not null then 'template'
      when f.transaction_currency = f.functional_currency then 'same currency'
      when (select from_billing from rate_setting) and f.told_rate is not null
        and coalesce(f.told_home, f.functional_currency) = f.functional_currency then 'DebitMemoItem.ExchangeRate'
      else d.source end as func_ex_rate_source,
    coalesce((select reporting from rate_setting), f.functional_currency) as reporting_currency,
    case
      when f.functional_currency = coalesce((select reporting from rate_setting), f.functional_currency) then 1
      else g.rate end as global_rate,
    case
      when f.functional_currency = coalesce((select reporting from rate_setting), f.functional_currency) then false
      else g.inverse end as global_inverse,
    case
      when f.functional_currency = coalesce((select reporting from rate_setting), f.functional_currency) then null::date
      else g.told_for end as global_ex_rate_date,
    case
      when f.functional_currency = coalesce((select reporting from rate_setting), f.functional_currency) then 'same currency'
      else g.source end as global_ex_rate_source
    from (
      select
        "DebitMemoItem".id as source_id,
        case when "Form".booking then 'booking' end as part,
        "Line".type as line_type,
        "Entity".price_source,
        array[
          "DebitMemoItem".updated_date,
          "DebitMemo".updated_date,
          "Account".updated_date,
          "ReversedItem".updated_date,
          "InvoiceItem".updated_date,
          "RatePlanCharge".updated_date,
          "RatePlan".updated_date,
          "ProductRatePlanCharge".updated_date,
          "ProductRatePlan".updated_date,
          "Product".updated_date,
          "Subscription".updated_date,
          "Subscription.InvoiceOwner".updated_date,
          "ProductRatePlanCharge.ContractLiabilityAccountingCode".updated_date,
          "ProductRatePlanCharge.ContractRecognizedRevenueAccountingCode".updated_date,
          "ProductRatePlanCharge.AdjustmentLiabilityAccountingCode".updated_date,
          "ProductRatePlanCharge.AdjustmentRevenueAccountingCode".updated_date,
          "ProductRatePlanCharge.UnbilledReceivablesAccountingCode".updated_date,
          "ProductRatePlanCharge.ContractAssetAccountingCode".updated_date,
          "Invoice".updated_date,
          "ChargeContractualValueAllCharges".updated_date,
          "AppliedToItem".updated_date,
          "AppliedToMemoItem".updated_date,
          "ReversedAppliedToItem".updated_date,
          "AppliedToCharge".updated_date,
          "AppliedToPrice".updated_date
        ] as sources,
        array_remove(array[
          case when "DebitMemo".id is null or "DebitMemo".deleted
              then 'orphan-debit-memo:' || coalesce('DebitMemo ' || "DebitMemoItem".debit_memo_id, 'its DebitMemo') || ', ' || case when "DebitMemo".id is null then 'which has not come from Billing' else 'which was deleted in Billing' end end,
          case when "Account".id is null or "Account".deleted
              then 'orphan-account:' || coalesce('Account ' || coalesce("DebitMemoItem".account_id, "DebitMemo".account_id), 'its Account') || ', ' || case when "Account".id is null then 'which has not come from Billing' else 'which was deleted in Billing' end end,
          case when coalesce("DebitMemoItem".invoice_item_id, "ReversedItem".invoice_item_id) is not null and "InvoiceItem".id is null or "InvoiceItem".deleted
              then 'orphan-invoice-item:' || coalesce('InvoiceItem ' || coalesce("DebitMemoItem".invoice_item_id, "ReversedItem".invoice_item_id), 'its InvoiceItem') || ', ' || case when "InvoiceItem".id is null then 'which has not come from Billing' else 'which was deleted in Billing' end end,
          case when coalesce("DebitMemoItem".rate_plan_charge_id, "InvoiceItem".rate_plan_charge_id, "ReversedItem".rate_plan_charge_id) is not null and "RatePlanCharge".id is null or "RatePlanCharge".deleted
              then 'orphan-rate-plan-charge:' || coalesce('RatePlanCharge ' || coalesce("DebitMemoItem".rate_plan_charge_id, "InvoiceItem".rate_plan_charge_id, "ReversedItem".rate_plan_charge_id), 'its RatePlanCharge') || ', ' || case when "RatePlanCharge".id is null then 'which has not come from Billing' else 'which was deleted in Billing' end end,
          case when "RatePlanCharge".rate_plan_id is not null and "RatePlan".id is null or "RatePlan".deleted
              then 'orphan-rate-plan:' || coalesce('RatePlan ' || "RatePlanCharge".rate_plan_id, 'its RatePlan') || ', ' || case when "RatePlan".id is null then 'which has not come from Billing' else 'which was deleted in Billing' end end,
          case when coalesce("DebitMemoItem".product_rate_plan_charge_id, "InvoiceItem".product_rate_plan_charge_id, "ReversedItem".product_rate_plan_charge_id, "RatePlanCharge".product_rate_plan_charge_id) is not null and "ProductRatePlanCharge".id is null
              then 'orphan-product-rate-plan-charge:' || coalesce('ProductRatePlanCharge ' || coalesce("DebitMemoItem".product_rate_plan_charge_id, "InvoiceItem".product_rate_plan_charge_id, "ReversedItem".product_rate_plan_charge_id, "RatePlanCharge".product_rate_plan_charge_id), 'its ProductRatePlanCharge') || ', ' || 'which has not come from Billing' end,
          case when "ProductRatePlanCharge".product_rate_plan_id is not null and "ProductRatePlan".id is null
              then 'orphan-product-rate-plan:' || coalesce('ProductRatePlan ' || "ProductRatePlanCharge".product_rate_plan_id, 'its ProductRatePlan') || ', ' || 'which has not come from Billing' end,
          case when "ProductRatePlan".product_id is not null and "Product".id is null
              then 'orphan-product:' || coalesce('Product ' || "ProductRatePlan".product_id, 'its Product') || ', ' || 'which has not come from Billing' end,
          case when coalesce("DebitMemoItem".subscription_id, "InvoiceItem".subscription_id, "ReversedItem".subscription_id, "RatePlanCharge".subscription_id) is not null and "Subscription".id is null or "Subscription".deleted
              then 'orphan-subscription:' || coalesce('Subscription ' || coalesce("DebitMemoItem".subscription_id, "InvoiceItem".subscription_id, "ReversedItem".subscription_id, "RatePlanCharge".subscription_id), 'its Subscription') || ', ' || case when "Subscription".id is null then 'which has not come from Billing' else 'which was deleted in Billing' end end,
          case when coalesce("ProductRatePlanCharge".contract_liability_accounting_code_id, "DebitMemoItem".contract_liability_accounting_code_id) is not null and "ProductRatePlanCharge.ContractLiabilityAccountingCode".id is null
              then 'orphan-accounting-code:' || coalesce('AccountingCode ' || coalesce("ProductRatePlanCharge".contract_liability_accounting_code_id, "DebitMemoItem".contract_liability_accounting_code_id), 'its AccountingCode') || ', ' || 'which has not come from Billing' end,
          case when coalesce("ProductRatePlanCharge".contract_recognized_revenue_accounting_code_id, "DebitMemoItem".contract_recognized_revenue_accounting_code_id) is not null and "ProductRatePlanCharge.ContractRecognizedRevenueAccountingCode".id is null
              then 'orphan-accounting-code:' || coalesce('AccountingCode ' || coalesce("ProductRatePlanCharge".contract_recognized_revenue_accounting_code_id, "DebitMemoItem".contract_recognized_revenue_accounting_code_id), 'its AccountingCode') || ', ' || 'which has not come from Billing' end,
          case when coalesce("ProductRatePlanCharge".adjustment_liability_accounting_code_id, "DebitMemoItem".adjustment_liability_accounting_code_id) is not null and "ProductRatePlanCharge.AdjustmentLiabilityAccountingCode".id is null
              then 'orphan-accounting-code:' || coalesce('AccountingCode ' || coalesce("ProductRatePlanCharge".adjustment_liability_accounting_code_id, "DebitMemoItem".adjustment_liability_accounting_code_id), 'its AccountingCode') || ', ' || 'which has not come from Billing' end,
          case when coalesce("ProductRatePlanCharge".adjustment_revenue_accounting_code_id, "DebitMemoItem".adjustment_revenue_accounting_code_id) is not null and "ProductRatePlanCharge.AdjustmentRevenueAccountingCode".id is null
              then 'orphan-accounting-code:' || coalesce('AccountingCode ' || coalesce("ProductRatePlanCharge".adjustment_revenue_accounting_code_id, "DebitMemoItem".adjustment_revenue_accounting_code_id), 'its AccountingCode') || ', ' || 'which has not come from Billing' end,
          case when coalesce("ProductRatePlanCharge".unbilled_receivables_accounting_code_id, "DebitMemoItem".unbilled_receivables_accounting_code_id) is not null and "ProductRatePlanCharge.UnbilledReceivablesAccountingCode".id is null
              then 'orphan-accounting-code:' || coalesce('AccountingCode ' || coalesce("ProductRatePlanCharge".unbilled_receivables_accounting_code_id, "DebitMemoItem".unbilled_receivables_accounting_code_id), 'its AccountingCode') || ', ' || 'which has not come from Billing' end,
          case when coalesce("ProductRatePlanCharge".contract_asset_accounting_code_id, "DebitMemoItem".contract_asset_accounting_code_id) is not null and "ProductRatePlanCharge.ContractAssetAccountingCode".id is null
              then 'orphan-accounting-code:' || coalesce('AccountingCode ' || coalesce("ProductRatePlanCharge".contract_asset_accounting_code_id, "DebitMemoItem".contract_asset_accounting_code_id), 'its AccountingCode') || ', ' || 'which has not come from Billing' end,
          case when coalesce("DebitMemoItem".invoice_id, "InvoiceItem".invoice_id, "ReversedItem".invoice_id, "DebitMemo".invoice_id, "DebitMemo".referred_invoice_id) is not null and "Invoice".id is null or "Invoice".deleted
              then 'orphan-invoice:' || coalesce('Invoice ' || coalesce("DebitMemoItem".invoice_id, "InvoiceItem".invoice_id, "ReversedItem".invoice_id, "DebitMemo".invoice_id, "DebitMemo".referred_invoice_id), 'its Invoice') || ', ' || case when "Invoice".id is null then 'which has not come from Billing' else 'which was deleted in Billing' end end,
          case when "InvoiceItem".applied_to_invoice_item_id is not null and "AppliedToItem".id is null or "AppliedToItem".deleted
              then 'orphan-invoice-item:' || coalesce('InvoiceItem ' || "InvoiceItem".applied_to_invoice_item_id, 'its InvoiceItem') || ', ' || case when "AppliedToItem".id is null then 'which has not come from Billing' else 'which was deleted in Billing' end end,
          case when coalesce("AppliedToMemoItem".rate_plan_charge_id, "ReversedAppliedToItem".rate_plan_charge_id, "AppliedToItem".rate_plan_charge_id) is not null and "AppliedToCharge".id is null or "AppliedToCharge".deleted
              then 'orphan-rate-plan-charge:' || coalesce('RatePlanCharge ' || coalesce("AppliedToMemoItem".rate_plan_charge_id, "ReversedAppliedToItem".rate_plan_charge_id, "AppliedToItem".rate_plan_charge_id), 'its RatePlanCharge') || ', ' || case when "AppliedToCharge".id is null then 'which has not come from Billing' else 'which was deleted in Billing' end end
        ], null) as orphans,
        "Entity".display_name as business_unit,
        "Entity".entity_name as company_code,
        "Account".account_number as customer_number,
        "Account".name as customer_name,
        "Account".id as account_id,
        coalesce("Entity".home_currency, "Account".currency) as functional_currency,
        "Account".currency as transaction_currency,
        "RatePlan".id as rate_plan_id,
        "RatePlan".name as rate_plan_name,
        "RatePlanCharge".charge_number as rate_plan_charge_num,
        "RatePlanCharge".name as rate_plan_charge_name,
        "RatePlanCharge".version::numeric as rate_plan_charge_version,
        "RatePlanCharge".charge_model as rate_plan_charge_model,
        "RatePlanCharge".charge_type as rate_plan_charge_type,
        "RatePlanCharge".trigger_event as rate_plan_charge_trigger_event,
        "RatePlanCharge".segment::numeric as rate_plan_charge_segment,
        "RatePlanCharge".id as rate_plan_charge_id,
        "RatePlanCharge".original_id as original_rate_plan_charge_id,
        "Product".id as product_id,
        case when "Form".booking then "DebitMemo".memo_date else "Subscription".term_start_date end as sales_order_date,
        "Subscription".id as subscription_id,
        "Subscription".name as subscription_name,
        "Subscription".version::numeric as subscription_version,
        "Subscription".subscription_start_date as subscription_start_date,
        "Subscription".subscription_end_date as subscription_end_date,
        null::text as subscription_owner,
        "Subscription.InvoiceOwner".name as invoice_owner,
        "Subscription".term_type as subscription_type,
        "DebitMemoItem".service_start_date as revenue_start_date,
        case when "DebitMemoItem".service_end_date is null and ("Form".standalone or (lower(translate("RatePlanCharge".charge_type, ' -_', '')) = 'onetime'))
            then "DebitMemoItem".service_start_date + 1 else "DebitMemoItem".service_end_date end as revenue_end_date,
        case when "Form".standalone then coalesce(case when (lower(translate("RatePlanCharge".charge_model, ' -_', '')) like 'flatfee%') then 1 when (lower(translate("RatePlanCharge".charge_model, ' -_', '')) like 'discount%') or (lower(translate("RatePlanCharge".charge_type, ' -_', '')) = 'usage') then coalesce("RatePlanCharge".quantity, 1) else "RatePlanCharge".quantity end, "DebitMemoItem".quantity, 1) else case when (lower(translate("RatePlanCharge".charge_model, ' -_', '')) like 'flatfee%') then 1 when (lower(translate("RatePlanCharge".charge_model, ' -_', '')) like 'discount%') or (lower(translate("RatePlanCharge".charge_type, ' -_', '')) = 'usage') then coalesce("RatePlanCharge".quantity, 1) else "RatePlanCharge".quantity end end as ordered_qty,
        "DebitMemoItem".amount_without_tax as ext_sell_price,
        "ProductRatePlanCharge.ContractLiabilityAccountingCode".name as deferred_segments,
        "ProductRatePlanCharge.ContractRecognizedRevenueAccountingCode".name as revenue_segments,
        "ProductRatePlanCharge.AdjustmentLiabilityAccountingCode".name as adjustment_liability_account,
        "ProductRatePlanCharge.AdjustmentRevenueAccountingCode".name as adjustment_revenue_account,
        "ProductRatePlanCharge.UnbilledReceivablesAccountingCode".name as unbilled_ar_account,
        "ProductRatePlanCharge.ContractAssetAccountingCode".name as contract_asset_account,
        "ProductRatePlanCharge".id as product_rate_plan_charge_id,
        "ProductRatePlan".id as product_rate_plan_id,
        ("RatePlanCharge".created_date at time zone coalesce("Entity".timezone, 'UTC'))::date as charge_created_date,
        ("RatePlanCharge".updated_date at time zone coalesce("Entity".timezone, 'UTC'))::date as charge_last_update_date,
        "Invoice".id as billing_id,
        "DebitMemoItem".id as billing_item_id,
        "DebitMemo".memo_number as invoice_num,
        "DebitMemo".memo_date as invoice_date,
        "DebitMemoItem".quantity as invoice_qty,
        "Facts".billed as ext_list_price,
        null::text as amendment_id,
        null::text as amendment_type,
        null::text as ramp_id,
        "Booking".id as so_line_id,
        case when "Form".standalone then "DebitMemo".memo_number else "RatePlanCharge".charge_number end as so_number,
        case when "Form".booking then "DebitMemo".memo_date else null end as so_book_date,
        case when "Form".standalone then '1.1.' || to_char(coalesce("DebitMemoItem".updated_date, "DebitMemoItem".created_date) at time zone 'UTC', 'YYYYMMDDHH24MISS') else "RatePlanCharge".version || '.' || "Subscription".version || '.' || to_char(coalesce("DebitMemoItem".updated_date, "DebitMemoItem".created_date) at time zone 'UTC', 'YYYYMMDDHH24MISS') end as sequence_number,
        case when "Form".standalone and not "Alone".unbooked then 1 else case when "Renewals".starts is null then 1
          when coalesce(coalesce("AppliedToCharge".effective_start_date, "RatePlanCharge".effective_start_date), "Subscription".term_start_date) is null then null
          else 1 + (select count(*) from unnest("Renewals".starts) as s (day) where s.day <= coalesce(coalesce("AppliedToCharge".effective_start_date, "RatePlanCharge".effective_start_date), "Subscription".term_start_date)) end end as term_number,
        staging.months("DebitMemoItem".service_start_date, case when "DebitMemoItem".service_end_date is null and ("Form".standalone or (lower(translate("RatePlanCharge".charge_type, ' -_', '')) = 'onetime'))
            then "DebitMemoItem".service_start_date + 1 else "DebitMemoItem".service_end_date end) as duration,
        null::date as ct_mod_date,
        case when "Form".booking then '' else null end as amendment_reason,
        case when not "Form".booking then "DebitMemoItem".id end as invoice_line_id,
        null::text as original_so_line_id,
        null::text as original_invoice_line_id,
        case when "Form".booking then 'No' else null end as skip_ct_mod,
        null::text as ramp_deal_ref,
        "Facts".charge_key is null as uncharged,
        "Facts".amount is not null and "Facts".billed is null as unsigned,
        null::text as blank_codes,
        "Resembled".other as resembles,
        null::numeric as mapped_rate,
        "DebitMemoItem".exchange_rate as told_rate,
        "DebitMemoItem".exchange_rate_date as told_day,
        "DebitMemoItem".home_currency as told_home,
        coalesce(case when abs("InvoiceItem".charge_amount * "InvoiceItem".exchange_rate - "InvoiceItem".charge_amount_home_currency) < 10::numeric ^ -(case "InvoiceItem".home_currency when 'BHD' then 3 when 'BIF' then 0 when 'CLF' then 4 when 'CLP' then 0 when 'DJF' then 0 when 'GNF' then 0 when 'IQD' then 3 when 'ISK' then 0 when 'JOD' then 3 when 'JPY' then 0 when 'KMF' then 0 when 'KRW' then 0 when 'KWD' then 3 when 'LYD' then 3 when 'OMR' then 3 when 'PYG' then 0 when 'RWF' then 0 when 'TND' then 3 when 'UGX' then 0 when 'UYI' then 0 when 'UYW' then 4 when 'VND' then 0 when 'VUV' then 0 when 'XAF' then 0 when 'XAG' then 0 when 'XAU' then 0 when 'XBA' then 0 when 'XBB' then 0 when 'XBC' then 0 when 'XBD' then 0 when 'XDR' then 0 when 'XOF' then 0 when 'XPD' then 0 when 'XPF' then 0 when 'XPT' then 0 when 'XSU' then 0 when 'XTS' then 0 when 'XUA' then 0 when 'XXX' then 0 else 2 end) and not abs("InvoiceItem".charge_amount / nullif("InvoiceItem".exchange_rate, 0) - "InvoiceItem".charge_amount_home_currency) < 10::numeric ^ -(case "InvoiceItem".home_currency when 'BHD' then 3 when 'BIF' then 0 when 'CLF' then 4 when 'CLP' then 0 when 'DJF' then 0 when 'GNF' then 0 when 'IQD' then 3 when 'ISK' then 0 when 'JOD' then 3 when 'JPY' then 0 when 'KMF' then 0 when 'KRW' then 0 when 'KWD' then 3 when 'LYD' then 3 when 'OMR' then 3 when 'PYG' then 0 when 'RWF' then 0 when 'TND' then 3 when 'UGX' then 0 when 'UYI' then 0 when 'UYW' then 4 when 'VND' then 0 when 'VUV' then 0 when 'XAF' then 0 when 'XAG' then 0 when 'XAU' then 0 when 'XBA' then 0 when 'XBB' then 0 when 'XBC' then 0 when 'XBD' then 0 when 'XDR' then 0 when 'XOF' then 0 when 'XPD' then 0 when 'XPF' then 0 when 'XPT' then 0 when 'XSU' then 0 when 'XTS' then 0 when 'XUA' then 0 when 'XXX' then 0 else 2 end) then false when abs("InvoiceItem".charge_amount / nullif("InvoiceItem".exchange_rate, 0) - "InvoiceItem".charge_amount_home_currency) < 10::numeric ^ -(case "InvoiceItem".home_currency when 'BHD' then 3 when 'BIF' then 0 when 'CLF' then 4 when 'CLP' then 0 when 'DJF' then 0 when 'GNF' then 0 when 'IQD' then 3 when 'ISK' then 0 when 'JOD' then 3 when 'JPY' then 0 when 'KMF' then 0 when 'KRW' then 0 when 'KWD' then 3 when 'LYD' then 3 when 'OMR' then 3 when 'PYG' then 0 when 'RWF' then 0 when 'TND' then 3 when 'UGX' then 0 when 'UYI' then 0 when 'UYW' then 4 when 'VND' then 0 when 'VUV' then 0 when 'XAF' then 0 when 'XAG' then 0 when 'XAU' then 0 when 'XBA' then 0 when 'XBB' then 0 when 'XBC' then 0 when 'XBD' then 0 when 'XDR' then 0 when 'XOF' then 0 when 'XPD' then 0 when 'XPF' then 0 when 'XPT' then 0 when 'XSU' then 0 when 'XTS' then 0 when 'XUA' then 0 when 'XXX' then 0 else 2 end) and not abs("InvoiceItem".charge_amount * "InvoiceItem".exchange_rate - "InvoiceItem".charge_amount_home_currency) < 10::numeric ^ -(case "InvoiceItem".home_currency when 'BHD' then 3 when 'BIF' then 0 when 'CLF' then 4 when 'CLP' then 0 when 'DJF' then 0 when 'GNF' then 0 when 'IQD' then 3 when 'ISK' then 0 when 'JOD' then 3 when 'JPY' then 0 when 'KMF' then 0 when 'KRW' then 0 when 'KWD' then 3 when 'LYD' then 3 when 'OMR' then 3 when 'PYG' then 0 when 'RWF' then 0 when 'TND' then 3 when 'UGX' then 0 when 'UYI' then 0 when 'UYW' then 4 when 'VND' then 0 when 'VUV' then 0 when 'XAF' then 0 when 'XAG' then 0 when 'XAU' then 0 when 'XBA' then 0 when 'XBB' then 0 when 'XBC' then 0 when 'XBD' then 0 when 'XDR' then 0 when 'XOF' then 0 when 'XPD' then 0 when 'XPF' then 0 when 'XPT' then 0 when 'XSU' then 0 when 'XTS' then 0 when 'XUA' then 0 when 'XXX' then 0 else 2 end) then true end, (select divides from rate_setting)) as told_divides,
        "DebitMemo".memo_date as rate_day,
        "Entity".org as org
      from touched as chosen
      join prestaging.debit_memo_item as "DebitMemoItem" on "DebitMemoItem".id = chosen.id
      join control.entity as "Entity" on "Entity".entity = "DebitMemoItem".entity
      left join prestaging.debit_memo as "DebitMemo"
        on "DebitMemo".entity = "DebitMemoItem".entity and "DebitMemo".id = "DebitMemoItem".debit_memo_id
      left join prestaging.account as "Account"
        on "Account".entity = "DebitMemoItem".entity and "Account".id = coalesce("DebitMemoItem".account_id, "DebitMemo".account_id)
      left join prestaging.credit_memo_item as "ReversedItem"
        on "ReversedItem".entity = "DebitMemoItem".entity and "ReversedItem".id = "DebitMemoItem".source_item_id
      left join prestaging.invoice_item as "InvoiceItem"
        on "InvoiceItem".entity = "DebitMemoItem".entity and "InvoiceItem".id = coalesce("DebitMemoItem".invoice_item_id, "ReversedItem".invoice_item_id)
      left join prestaging.rate_plan_charge as "RatePlanCharge"
        on "RatePlanCharge".entity = "DebitMemoItem".entity and "RatePlanCharge".id = coalesce("DebitMemoItem".rate_plan_charge_id, "InvoiceItem".rate_plan_charge_id, "ReversedItem".rate_plan_charge_id)
      left join prestaging.rate_plan as "RatePlan"
        on "RatePlan".entity = "DebitMemoItem".entity and "RatePlan".id = "RatePlanCharge".rate_plan_id
      left join prestaging.product_rate_plan_charge as "ProductRatePlanCharge"
        on "ProductRatePlanCharge".entity = "DebitMemoItem".entity and "ProductRatePlanCharge".id = coalesce("DebitMemoItem".product_rate_plan_charge_id, "InvoiceItem".product_rate_plan_charge_id, "ReversedItem".product_rate_plan_charge_id, "RatePlanCharge".product_rate_plan_charge_id)
      left join prestaging.product_rate_plan as "ProductRatePlan"
        on "ProductRatePlan".entity = "DebitMemoItem".entity and "ProductRatePlan".id = "ProductRatePlanCharge".product_rate_plan_id
      left join prestaging.product as "Product"
        on "Product".entity = "DebitMemoItem".entity and "Product".id = "ProductRatePlan".product_id
      left join prestaging.subscription as "Subscription"
        on "Subscription".entity = "DebitMemoItem".entity and "Subscription".id = coalesce("DebitMemoItem".subscription_id, "InvoiceItem".subscription_id, "ReversedItem".subscription_id, "RatePlanCharge".subscription_id)
      left join prestaging.account as "Subscription.InvoiceOwner"
        on "Subscription.InvoiceOwner".entity = "DebitMemoItem".entity and "Subscription.InvoiceOwner".id = "Subscription".invoice_owner_id
      left join prestaging.accounting_code as "ProductRatePlanCharge.ContractLiabilityAccountingCode"
        on "ProductRatePlanCharge.ContractLiabilityAccountingCode".entity = "DebitMemoItem".entity and "ProductRatePlanCharge.ContractLiabilityAccountingCode".id = coalesce("ProductRatePlanCharge".contract_liability_accounting_code_id, "DebitMemoItem".contract_liability_accounting_code_id)
      left join prestaging.accounting_code as "ProductRatePlanCharge.ContractRecognizedRevenueAccountingCode"
        on "ProductRatePlanCharge.ContractRecognizedRevenueAccountingCode".entity = "DebitMemoItem".entity and "ProductRatePlanCharge.ContractRecognizedRevenueAccountingCode".id = coalesce("ProductRatePlanCharge".contract_recognized_revenue_accounting_code_id, "DebitMemoItem".contract_recognized_revenue_accounting_code_id)
      left join prestaging.accounting_code as "ProductRatePlanCharge.AdjustmentLiabilityAccountingCode"
        on "ProductRatePlanCharge.AdjustmentLiabilityAccountingCode".entity = "DebitMemoItem".entity and "ProductRatePlanCharge.AdjustmentLiabilityAccountingCode".id = coalesce("ProductRatePlanCharge".adjustment_liability_accounting_code_id, "DebitMemoItem".adjustment_liability_accounting_code_id)
      left join prestaging.accounting_code as "ProductRatePlanCharge.AdjustmentRevenueAccountingCode"
        on "ProductRatePlanCharge.AdjustmentRevenueAccountingCode".entity = "DebitMemoItem".entity and "ProductRatePlanCharge.AdjustmentRevenueAccountingCode".id = coalesce("ProductRatePlanCharge".adjustment_revenue_accounting_code_id, "DebitMemoItem".adjustment_revenue_accounting_code_id)
      left join prestaging.accounting_code as "ProductRatePlanCharge.UnbilledReceivablesAccountingCode"
        on "ProductRatePlanCharge.UnbilledReceivablesAccountingCode".entity = "DebitMemoItem".entity and "ProductRatePlanCharge.UnbilledReceivablesAccountingCode".id = coalesce("ProductRatePlanCharge".unbilled_receivables_accounting_code_id, "DebitMemoItem".unbilled_receivables_accounting_code_id)
      left join prestaging.accounting_code as "ProductRatePlanCharge.ContractAssetAccountingCode"
        on "ProductRatePlanCharge.ContractAssetAccountingCode".entity = "DebitMemoItem".entity and "ProductRatePlanCharge.ContractAssetAccountingCode".id = coalesce("ProductRatePlanCharge".contract_asset_accounting_code_id, "DebitMemoItem".contract_asset_accounting_code_id)
      left join prestaging.invoice as "Invoice"
        on "Invoice".entity = "DebitMemoItem".entity and "Invoice".id = coalesce("DebitMemoItem".invoice_id, "InvoiceItem".invoice_id, "ReversedItem".invoice_id, "DebitMemo".invoice_id, "DebitMemo".referred_invoice_id)
      left join prestaging.charge_contractual_value_all_charges as "ChargeContractualValueAllCharges"
        on "ChargeContractualValueAllCharges".entity = "DebitMemoItem".entity and "ChargeContractualValueAllCharges".id = "RatePlanCharge".id
      left join prestaging.invoice_item as "AppliedToItem"
        on "AppliedToItem".entity = "DebitMemoItem".entity and "AppliedToItem".id = "InvoiceItem".applied_to_invoice_item_id
      left join prestaging.debit_memo_item as "AppliedToMemoItem"
        on "AppliedToMemoItem".entity = "DebitMemoItem".entity and "AppliedToMemoItem".id = "DebitMemoItem".applied_to_item_id
      left join prestaging.credit_memo_item as "ReversedAppliedToItem"
        on "ReversedAppliedToItem".entity = "DebitMemoItem".entity and "ReversedAppliedToItem".id = "ReversedItem".applied_to_item_id
      left join prestaging.rate_plan_charge as "AppliedToCharge"
        on "AppliedToCharge".entity = "DebitMemoItem".entity and "AppliedToCharge".id = coalesce("AppliedToMemoItem".rate_plan_charge_id, "ReversedAppliedToItem".rate_plan_charge_id, "AppliedToItem".rate_plan_charge_id)
      left join prestaging.charge_contractual_value_all_charges as "AppliedToPrice"
        on "AppliedToPrice".entity = "DebitMemoItem".entity and "AppliedToPrice".id = "AppliedToCharge".id
      left join renewal as "Renewals" on "Renewals".name = "Subscription".name
      cross join lateral (select coalesce("DebitMemoItem".rate_plan_charge_id, "InvoiceItem".rate_plan_charge_id, "ReversedItem".rate_plan_charge_id) as charge_key, coalesce("DebitMemoItem".invoice_item_id, "ReversedItem".invoice_item_id) as item_key, "DebitMemoItem".amount_without_tax as billed, "DebitMemoItem".amount_without_tax as amount, ("RatePlanCharge".id is not null and (
        "RatePlanCharge".exclude_item_booking_from_revenue_accounting is true or "ProductRatePlanCharge".exclude_item_booking_from_revenue_accounting is true
          or left(ltrim("RatePlanCharge".charge_model), 1) in ('D', 'd') and (lower(translate("RatePlanCharge".charge_model, ' -_', '')) like 'discountfixed%')
        ) is true) as unbooked, case
        when lower(translate("DebitMemo".source, ' -_', '')) = 'adhocfromcreditmemo' or "DebitMemo".referred_credit_memo_id is not null then 'reversal'
        when lower(translate("DebitMemo".source, ' -_', '')) is null or lower(translate("DebitMemo".source, ' -_', '')) like 'adhoc%' then 'hand'
        else 'billing'
      end as origin) as "Facts"
      left join revenue.booking as "Booked"
        on "Booked".so_line_id = case when "Facts".unbooked then case when (lower(translate("RatePlanCharge".charge_model, ' -_', '')) like 'discountpercent%') and "AppliedToCharge".id is not null
          then (coalesce("AppliedToCharge".original_id, "AppliedToCharge".id) || '.' || "AppliedToCharge".segment) || '.' || (coalesce("RatePlanCharge".original_id, "RatePlanCharge".id) || '.' || "RatePlanCharge".segment)
        else (coalesce("RatePlanCharge".original_id, "RatePlanCharge".id) || '.' || "RatePlanCharge".segment) end end
        and "Booked".org = case when "Facts".unbooked
          then (select own.org from control.entity as own where own.entity = "DebitMemoItem".entity) end
      cross join lateral (select ("Facts".unbooked and "Booked".so_line_id is null) as unbooked, (("Facts".charge_key is null and "Facts".item_key is null) or ("Facts".unbooked and "Booked".so_line_id is null) and "Facts".item_key is null) as standalone) as "Alone"
      left join (
        select entity, so_line_id from revenue.booking where starts_with(so_line_id, 'REVSYNC-') offset 0
      ) as "Made" on "Made".entity = "DebitMemoItem".entity
        and "Made".so_line_id = ('REVSYNC-' || "Facts".item_key)
      cross join lateral (select case
        when "Alone".standalone then ('REVSYNC-' || "DebitMemoItem".id) when "Made".so_line_id is not null then "Made".so_line_id
        when "Facts".charge_key is null or "Alone".unbooked then ('REVSYNC-' || "Facts".item_key)
        else case when (lower(translate("RatePlanCharge".charge_model, ' -_', '')) like 'discountpercent%') and "AppliedToCharge".id is not null
            then (coalesce("AppliedToCharge".original_id, "AppliedToCharge".id) || '.' || "AppliedToCharge".segment) || '.' || (coalesce("RatePlanCharge".original_id, "RatePlanCharge".id) || '.' || "RatePlanCharge".segment)
          else (coalesce("RatePlanCharge".original_id, "RatePlanCharge".id) || '.' || "RatePlanCharge".segment) end end as id) as "Booking"
      join (values (false, false), (true, false), (true, true)) as "Form" (standalone, booking)
        on "Form".standalone = "Alone".standalone
      cross join lateral (select case when "Form".booking then 'SO' when "Form".standalone then 'INV' else 'INV' end as type) as "Line"
      left join (
        select r.entity, r.item, concat_ws(' ', 'adjustment', coalesce(a.adjustment_number, a.id), 'of', a.adjustment_date,
          case when r.counts = 'gone' then '(which counts no more)' when min(l.id) is null then '(which has no line)'
            else '(line ' || min(l.id) || ')' end) as other
        from staging.replacement as r
        join prestaging.invoice_item_adjustment as a on a.entity = r.entity and a.id = r.adjustment
        left join staging.line as l on l.entity = r.entity and l.source_id = r.adjustment and l.source_object = 'InvoiceItemAdjustment'
        where r.object = 'DebitMemoItem' and r.counts in ('undecided', 'gone')
        group by r.entity, r.item, r.counts, a.adjustment_number, a.id, a.adjustment_date
      ) as "Resembled"
        on "Resembled".entity = "DebitMemoItem".entity and "Resembled".item = "DebitMemoItem".id
      where "DebitMemoItem".entity = $7
        and ("DebitMemoItem".deleted) is not true
        and (not coalesce("Entity".invoice_settlement, false)) is not true
        and (case when exists (
        select from staging.replacement as r
        where r.entity = "DebitMemoItem".entity and r.item = "DebitMemoItem".id and r.object = 'DebitMemoItem'
          and r.counts = 'adjustment'
      ) then 'one of two' end = 'one of two') is not true
        and ("DebitMemo".id is not null and "DebitMemo".status is distinct from 'Posted') is not true
        and (lower("DebitMemoItem".processing_type) in ('3', 'tax')) is not true
        and ("DebitMemoItem".exclude_item_billing_from_revenue_accounting) is not true
        and ("RatePlanCharge".exclude_item_billing_from_revenue_accounting) is not true
        and ("ProductRatePlanCharge".exclude_item_billing_from_revenue_accounting) is not true
      offset 0
    ) as f
    left join rate_last as d_last on d_last.from_currency = f.transaction_currency and d_last.to_currency = f.functional_currency
    left join rate_day as d on d.from_currency = f.transaction_currency and d.to_currency = f.functional_currency
      and d.day = least(coalesce(case when (select from_billing from rate_setting) then f.told_day end, f.rate_day, f.sales_order_date), d_last.day)
    left join rate_last as g_last on g_last.from_currency = f.functional_currency and g_last.to_currency = coalesce((select reporting from rate_setting), f.functional_currency)
    left join rate_day as g on g.from_currency = f.functional_currency and g.to_currency = coalesce((select reporting from rate_setting), f.functional_currency)
      and g.day = least(coalesce(case when (select from_billing from rate_setting) then f.told_day end, f.rate_day, f.sales_order_date), g_last.day)
    offset 0
) as r) as f
left join later_form as n
  on n.base = f.line_type || ':' || case when f.part is null then f.source_id else f.so_line_id || '@1' end
left join (revenue.line as r join staging.line as c on c.entity = r.entity and c.id = r.line)
  on r.entity = $8 and r.line = coalesce(n.standing, f.line_type || ':' || case when f.part is null then f.source_id else f.so_line_id || '@1' end)
where c.id is null or (
  (row(f.so_book_date, f.ext_sell_price, f.ext_list_price, f.ct_mod_date, f.amendment_reason, f.duration) is distinct from row(c.so_book_date, c.ext_sell_price, c.ext_list_price, c.ct_mod_date, c.amendment_reason, c.duration)
      or c.type = 'SO' and row(f.subscription_start_date, f.subscription_end_date, f.ordered_qty) is distinct from row(c.subscription_start_date, c.subscription_end_date, c.ordered_qty))
    or row(f.business_unit, f.company_code, f.customer_number, f.customer_name, f.account_id, f.functional_currency, f.transaction_currency, f.rate_plan_id, f.rate_plan_name, f.rate_plan_charge_num, f.rate_plan_charge_name, f.rate_plan_charge_version, f.rate_plan_charge_model, f.rate_plan_charge_type, f.rate_plan_charge_trigger_event, f.rate_plan_charge_segment, f.rate_plan_charge_id, f.original_rate_plan_charge_id, f.product_id, f.sales_order_date, f.subscription_id, f.subscription_name, f.subscription_version, f.subscription_start_date, f.subscription_end_date, f.subscription_owner, f.invoice_owner, f.subscription_type, f.revenue_start_date, f.revenue_end_date, f.ordered_qty, f.ext_sell_price, f.deferred_segments, f.revenue_segments, f.adjustment_liability_account, f.adjustment_revenue_account, f.unbilled_ar_account, f.contract_asset_account, f.product_rate_plan_charge_id, f.product_rate_plan_id, f.charge_created_date, f.billing_id, f.billing_item_id, f.invoice_num, f.invoice_date, f.invoice_qty, f.ext_list_price, f.amendment_id, f.amendment_type, f.ramp_id, f.so_line_id, f.so_number, f.so_book_date, f.term_number, f.duration, f.ct_mod_date, f.amendment_reason, f.invoice_line_id, f.original_so_line_id, f.original_invoice_line_id, f.skip_ct_mod, f.ramp_deal_ref, case when f.func_ex_rate_source = 'template' then f.func_ex_rate end) is distinct from row(c.business_unit, c.company_code, c.customer_number, c.customer_name, c.account_id, c.functional_currency, c.transaction_currency, c.rate_plan_id, c.rate_plan_name, c.rate_plan_charge_num, c.rate_plan_charge_name, c.rate_plan_charge_version, c.rate_plan_charge_model, c.rate_plan_charge_type, c.rate_plan_charge_trigger_event, c.rate_plan_charge_segment, c.rate_plan_charge_id, c.original_rate_plan_charge_id, c.product_id, c.sales_order_date, c.subscription_id, c.subscription_name, c.subscription_version, c.subscription_start_date, c.subscription_end_date, c.subscription_owner, c.invoice_owner, c.subscription_type, c.revenue_start_date, c.revenue_end_date, c.ordered_qty, c.ext_sell_price, c.deferred_segments, c.revenue_segments, c.adjustment_liability_account, c.adjustment_revenue_account, c.unbilled_ar_account, c.contract_asset_account, c.product_rate_plan_charge_id, c.product_rate_plan_id, c.charge_created_date, c.billing_id, c.billing_item_id, c.invoice_num, c.invoice_date, c.invoice_qty, c.ext_list_price, c.amendment_id, c.amendment_type, c.ramp_id, c.so_line_id, c.so_number, c.so_book_date, c.term_number, c.duration, c.ct_mod_date, c.amendment_reason, c.invoice_line_id, c.original_so_line_id, c.original_invoice_line_id, c.skip_ct_mod, c.ramp_deal_ref, case when c.func_ex_rate_source = 'template' then c.func_ex_rate end) and exists (
    select from staging.release as d where d.entity = $9 and d.line = coalesce(n.base, c.id) || '#' || coalesce(n.next, 2)
  )
  ) and (n.passed is null or not exists (
    select from staging.line as d
    where d.entity = $10 and d.id = any(n.passed) and not (row(f.so_book_date, f.ext_sell_price, f.ext_list_price, f.subscription_start_date, f.subscription_end_date, f.ordered_qty, f.ct_mod_date, f.amendment_reason, f.duration) is distinct from row(d.so_book_date, d.ext_sell_price, d.ext_list_price, d.subscription_start_date, d.subscription_end_date, d.ordered_qty, d.ct_mod_date, d.amendment_reason, d.duration))
))
on conflict (entity, id) do nothing
